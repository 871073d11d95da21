package io.millrace.view.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InternalException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.spi.Meters;
import io.millrace.spi.Settings;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions run by a harness of the test's own. */
@Timeout(60)
@ExtendWith(NothingLeftBehind.class)
final class ScriptPoolTest {
  private static final ScriptHarness CALL =
      ScriptHarness.read(ScriptPoolTest.class, "call.js", "extra");

  private final ScriptPool pool =
      new ScriptPool(
          "test",
          ScriptLimits.of(
              Settings.parse(
                  "",
                  ScriptLimits.SETTINGS,
                  Map.of("threads", "2", "document-memory", "8MiB", "document-calls", "50")),
              1 << 20),
          Meters.none());

  @AfterEach
  void close() {
    pool.close();
  }

  private static Script script(String text) {
    return new Script(CALL, text, List.of(">"));
  }

  private static <T> T get(CompletableFuture<T> result) throws Exception {
    return result.get(Patience.millis(), TimeUnit.MILLISECONDS);
  }

  private String run(String text, String... inputs) throws Exception {
    Outcome<String> outcome =
        get(pool.submit(sandbox -> String.valueOf(sandbox.run(script(text), inputs))));
    return outcome instanceof Outcome.Done<String> done
        ? done.value()
        : "exceeded: " + ((Outcome.Exceeded<String>) outcome).reason();
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("millrace-test"))
        .count();
  }

  @Test
  void aHarnessGivesInputsOptionsAndParameters() throws Exception {
    assertThat(run("x => x.a + 1", "{\"a\":1}")).isEqualTo(">2");
    assertThat(run("(x, y) => [x, y]", "1", "2")).isEqualTo(">[1,2]");
    assertThat(run("x => extra", "1")).isEqualTo(">\"given\"");
    assertThat(run("x => undefined", "1")).isEqualTo("null");
    assertThat(run("async x => 1", "1")).isEqualTo(">promise");
    assertThat(run("x => {\n  throw new RangeError('no') }", "1"))
        .isEqualTo("!RangeError: no (line 2, column 9)");
  }

  @Test
  void scriptsThatDifferInOptionsAloneAreNotMixedUp() throws Exception {
    for (String prefix : List.of("a", "b", "a")) {
      Script script = new Script(CALL, "x => x", List.of(prefix));
      assertThat(get(pool.submit(sandbox -> String.valueOf(sandbox.run(script, "1")))))
          .isEqualTo(new Outcome.Done<>(prefix + "1"));
    }
  }

  @Test
  void threadsAreStartedWhenThereIsSomethingToRun() throws Exception {
    assertThat(threads()).isZero();
    assertThat(run("x => x", "1")).isEqualTo(">1");
    assertThat(threads()).isEqualTo(3);
    pool.close();
    assertThat(threads()).isZero();
    assertThatThrownBy(() -> run("x => x", "1"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("type test");
  }

  @Test
  void limitsEndTheWorkAndTheNextIsDone() throws Exception {
    assertThat(run("x => { for (;;) {} }", "1")).isEqualTo("exceeded: " + exceeded());
    assertThat(run("x => { const f = n => n && f(n - 1); return f(60) }", "1"))
        .isEqualTo("exceeded: calls are nested deeper than 50 levels");
    assertThat(run("x => { const z = []; while (1) z.push('y'.repeat(1e5) + z.length) }", "1"))
        .startsWith("exceeded: the function needs more than 8388608 bytes");
    assertThat(run("x => { try { for (;;) {} } finally { return 1 } }", "1"))
        .startsWith("exceeded");
    assertThat(run("x => x", "1")).isEqualTo(">1");
  }

  private static String exceeded() {
    return "the function runs more than 1000000 statements";
  }

  @Test
  void manyPiecesOfWorkRunAtOnceAndAllEnd() throws Exception {
    List<CompletableFuture<Outcome<String>>> results = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String input = Integer.toString(i);
      results.add(pool.submit(sandbox -> String.valueOf(sandbox.run(script("x => -x"), input))));
    }
    for (int i = 1; i < 200; i++) {
      assertThat(get(results.get(i))).isEqualTo(new Outcome.Done<>(">-" + i));
    }
  }

  @Test
  void whatTheWorkItselfThrowsIsItsFailure() {
    CompletableFuture<Outcome<String>> result =
        pool.submit(
            sandbox -> {
              throw new IllegalStateException("planted");
            });
    assertThatThrownBy(() -> get(result))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("planted");
  }

  @Test
  void aHarnessThatDoesNotCompileIsNotBlamedOnTheFunction() {
    Script broken = new Script(ScriptHarness.read(getClass(), "broken.js"), "x => x", List.of());
    assertThatThrownBy(() -> get(pool.submit(sandbox -> sandbox.run(broken, "1"))))
        .hasCauseInstanceOf(InternalException.class);
    assertThatThrownBy(() -> ScriptHarness.read(getClass(), "missing.js"))
        .isInstanceOf(InternalException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x => 1); (x => 2",
        "x => 1]); ([x => 2",
        "x => 1 //\n) (",
        "/* x => 1",
        "7",
        "x => x..y",
        "(() => { for (;;); })()",
        "import x from 'x'",
        "",
      })
  void whatIsNoFunctionIsRefused(String text) {
    assertThatThrownBy(() -> pool.check(script(text), "place.of"))
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageStartingWith("member 'place.of' is not accepted: ");
  }

  @Test
  void aSyntaxErrorHasItsPlace() {
    assertThatThrownBy(() -> pool.check(script("x => {\n  return x..y }"), "f"))
        .hasMessageContaining("line 2, column");
    pool.check(script("(x, y) => x // comment"), "f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Java.type('java.lang.System')",
        "Polyglot.eval('js', '1')",
        "load('/etc/passwd')",
        "require('fs')",
        "eval('1')",
        "(() => 1).constructor('return this')()",
        "new Proxy({}, {})",
        "new Uint8Array(1)",
        "Promise.resolve(1)",
        "setTimeout(() => 1)",
        "Date.now()",
        "new Date()",
        "Math.random()",
        "globalThis.leak = 1",
        "Object.prototype.leak = 1",
        "JSON.parse = () => 1",
        "arguments.callee",
        "tools",
        "make",
      })
  void nothingButTheInputCanBeReached(String expression) throws Exception {
    assertThat(run("function(x) { const got = " + expression + "; return typeof got }", "1"))
        .as(expression)
        .startsWith("!");
  }
}
