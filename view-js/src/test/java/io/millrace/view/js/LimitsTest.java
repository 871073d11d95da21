package io.millrace.view.js;

import static io.millrace.view.js.JsFixture.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.document.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs with a small heap: what these maps ask for would not fit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class LimitsTest {
  private final JsFixture fixture = new JsFixture(Map.of("document-timeout", "300ms"));

  @AfterAll
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "while (true) {}",
        "for (;;);",
        "for (let i = 0; ; i++) { i += 1 }",
        "do {} while (true)",
        "try { for (;;) {} } finally { for (;;) {} }",
        "try { for (;;) {} } catch (e) { return 1 }",
        "function f() { return f() } f()",
        "function f() { try { return f() } finally { f() } } f()",
        "function f() { try { f() } catch (e) { f() } } f()",
        "let o = {}; for (let i = 0; i < 5000; i++) {"
            + " o = {toString() { return '' + this.p }, p: o} } String(o)",
        "new Array(1e9).fill(0)",
        "new Array(4294967295).lastIndexOf(1)",
        "new Array(4294967295).toReversed()",
        "new Array(4294967295).with(1, 1)",
        "[...new Array(4e9)]",
        "for (const x of new Array(4e9)) {}",
        "Array.from({length: 1e9})",
        "Array.prototype.every.call({length: 2 ** 53 - 1}, x => 1)",
        "Array.prototype.sort.call({get length() { return 2 ** 53 - 1 }})",
        "Array.prototype.shift.call(Object.create({length: 2 ** 53 - 1}))",
        "Array.prototype.indexOf.call({length: {valueOf() { return 2 ** 53 - 1 }}}, 1)",
        "[].concat({length: 2 ** 53 - 1, 0: 1, [Symbol.isConcatSpreadable]: true})",
        "Math.max.apply(null, {length: 1e7})",
        "Reflect.apply(Math.max, null, {length: 2 ** 53 - 1})",
        "JSON.stringify({a: 1}, new Array(4e9))",
        "'x'.repeat(2 ** 29)",
        "'x'.padEnd(2 ** 28, 'ab')",
        "let s = 'x'; for (;;) s += s",
        "let s = ''; for (;;) s += 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'",
        "new Array(4294967295).join('x')",
        "'ab'.repeat(1e6).replaceAll('a', 'b'.repeat(1e4))",
        "const z = []; for (;;) z.push({})",
        "const z = []; for (;;) z.push('x'.repeat(1e6) + z.length)",
        "const m = new Map(); for (let i = 0; ; i++) m.set(i, i)",
        "let a = [1]; for (;;) a = a.concat(a)",
        "let o = [1]; for (let i = 0; i < 40; i++) o = [o, o]; return o",
        "let o = [1]; for (let i = 0; i < 40; i++) o = [o, o]; emit(o)",
        "let o = [1]; for (let i = 0; i < 40; i++) o = [o, o]; return o.flat(Infinity)",
        "let f = x => x; for (let i = 0; i < 1e5; i++) f = f.bind(null, 1); f(1)",
        "let d = []; for (let i = 0; i < 1e5; i++) d = [d]; return d",
        "let d = []; for (let i = 0; i < 1e5; i++) d = [d]; return String(d)",
        "/(.*)\\1x/.test('a'.repeat(1e6))",
        "/(a*)*\\1b/.test('a'.repeat(30000))",
        "[2, 1].sort(() => { for (;;); })",
        "'a'.replace(/a/, () => { for (;;); })",
        "const g = (function*() { for (;;) yield 1 })(); [...g]",
        "(async () => { for (;;) await 1 })()",
        "(async () => { await 1; for (;;); })()",
        "return {toJSON() { for (;;); }}",
        "return {get a() { for (;;); }}",
        "throw {toJSON() { for (;;); }}",
        "const e = new Error(); Object.defineProperty(e, 'message', {get() { for (;;); }}); throw e",
        "return 'x'.repeat(1100000)",
        "for (let i = 0; i < 20; i++) emit(i, 'x'.repeat(100000))",
        "try { for (let i = 0; i < 20; i++) emit(i, 'x'.repeat(100000)) } catch (e) {}",
        "for (let i = 0; i < 20000; i++) emit(i)",
        "try { for (let i = 0; i < 20000; i++) emit(i) } catch (e) {}",
      })
  void theGuiltyDocumentFailsAndItsNeighboursDoNot(String attack) {
    String map = "function(doc) { if (doc.bad) { " + attack + "; return null } return doc.id }";
    JsFixture.Built view = fixture.view(map.replace("emit(", "arguments[1]("));
    view.apply(
        put("a", "{}"), put("b", "{\"bad\":true}"), put("c", "{}"), put("d", "{\"bad\":false}"));
    assertThat(view.rows()).containsExactly("\"a\"=\"a\"", "\"c\"=\"c\"", "\"d\"=\"d\"");
    assertThat(view.errors()).hasSize(1);
    assertThat(view.errors().get(0).id()).isEqualTo("b");
    assertThat(view.errors().get(0).message()).isNotBlank();
  }

  @Test
  void manyGuiltyDocumentsInOneBatchFailOneByOne() {
    JsFixture.Built view =
        fixture.view("doc => { if (doc.n % 10 === 0) for (;;) {} return doc.n }");
    List<Change> changes = new ArrayList<>();
    for (int n = 0; n < 100; n++) {
      changes.add(put("d" + n, "{\"n\":" + n + "}"));
    }
    view.apply(true, changes);
    assertThat(view.rows()).hasSize(90);
    assertThat(view.errors()).hasSize(10);
    assertThat(view.errors()).allMatch(e -> e.message().contains("statements"));
  }

  @Test
  void rowsThatAreTooLongOnlyTogetherAreAllKept() {
    JsFixture.Built view = fixture.view("doc => emit(doc.id, 'x'.repeat(900000))");
    List<Change> changes = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      changes.add(put("d" + n, "{}"));
    }
    view.apply(true, changes);
    assertThat(view.count(Map.of())).isEqualTo(10);
    assertThat(view.errors()).isEmpty();
  }

  @Test
  void deepestCallsAllowedFitTheStack() {
    for (String step :
        List.of(
            "[1].map(() => f(n - 1))",
            "[2, 1].sort(() => (f(n - 1), 1))",
            "'a'.replace(/a/, () => f(n - 1))",
            "Reflect.apply(f, null, [n - 1])",
            "[...(function*() { yield f(n - 1) })()]",
            "JSON.parse('[1]', (k, v) => k === '' ? v : f(n - 1))",
            "new (class { constructor() { this.x = f(n - 1) } })()",
            "`${{toString: () => f(n - 1) ? 'a' : 'b'}}`")) {
      String map =
          "doc => { const f = n => { if (n > 0) { " + step + " } return 1 }; return f(90) }";
      assertThat(fixture.rowsOf(map)).as(step).containsExactly("\"d\"=1");
      assertThat(fixture.errorOf(map.replace("f(90)", "f(1000)")))
          .as(step)
          .contains("calls are nested deeper");
    }
  }

  @Test
  void limitsAreSettings() {
    try (JsFixture small =
        new JsFixture(
            Map.of(
                "threads", "1",
                "document-statements", "1000",
                "document-rows", "3",
                "document-output", "1KiB",
                "document-calls", "20"))) {
      assertThat(small.errorOf("doc => { for (let i = 0; i < 2000; i++) { i += 0 } }"))
          .contains("1000 statements");
      assertThat(small.errorOf("doc => { for (let i = 0; i < 5; i++) emit(i) }"))
          .contains("3 rows");
      assertThat(small.errorOf("doc => 'x'.repeat(2000)")).contains("1024 characters");
      assertThat(small.errorOf("doc => { const f = n => n && f(n - 1); f(30) }"))
          .contains("20 levels");
    }
  }
}
