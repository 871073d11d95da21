package io.millrace.view.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.document.Change;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewInput;
import io.millrace.tck.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class FoldViewTest {
  private static final String COUNT =
      "{\"fold\":\"function(acc, change){ return acc + 1 }\",\"initial\":0}";

  private final ReduceFixture fixture = new ReduceFixture(Map.of("document-timeout", "300ms"));

  @AfterAll
  void close() {
    fixture.close();
  }

  private static String fold(String function, String initial) {
    return "{\"fold\":\"" + function + "\",\"initial\":" + initial + "}";
  }

  @Test
  void everyChangeIsFoldedInOrder() {
    ReduceFixture.Built view =
        fixture.view(fold("(acc, c) => acc.concat([[c.id, c.deleted, c.document]])", "[]"));
    assertThat(view.view.input()).isEqualTo(ViewInput.CHANGES);
    assertThat(view.ask("value")).isEqualTo("[]");
    Change last = fixture.delete("a");
    Change first = fixture.put("a\"", "{\"x\":1}");
    view.apply(first, fixture.put("b", "{}"), last);
    assertThat(view.ask("value"))
        .isEqualTo(
            "[[\"a\\\"\",false,{\"id\":\"a\\\"\",\"rev\":\"1-00000000000000020000000000000003\","
                + "\"x\":1}],[\"b\",false,{\"id\":\"b\","
                + "\"rev\":\"1-00000000000000020000000000000003\"}],[\"a\",true,null]]");
    assertThat(view.ask("get", Map.of()).get("sequence").longValue()).isEqualTo(last.sequence());
  }

  @Test
  void theChangeNamesItsSequenceAndRevision() {
    ReduceFixture.Built view = fixture.view(fold("(acc, c) => [c.seq, c.rev]", "null"));
    Change change = fixture.put("a", "{}");
    view.apply(change);
    assertThat(view.ask("get"))
        .isEqualTo(
            "{\"value\":[%d,\"%s\"],\"sequence\":%d}"
                .formatted(change.sequence(), change.revision(), change.sequence()));
  }

  @Test
  void aChangeThatThrowsLeavesTheStateAsItWas() {
    ReduceFixture.Built view =
        fixture.view(
            fold(
                "(acc, c) => { acc.n++; if (c.document.bad) c.document.bad.x.y; return acc }",
                "{\"n\":0}"));
    Change bad = fixture.put("bad", "{\"bad\":true}");
    view.apply(fixture.put("a", "{}"), bad, fixture.put("b", "{}"));
    assertThat(view.ask("value")).isEqualTo("{\"n\":2}");
    assertThat(view.errors()).hasSize(1);
    assertThat(view.errors().get(0))
        .startsWith("bad: change " + bad.sequence() + ": TypeError")
        .contains("(line 1, column");
    view.apply(fixture.put("bad", "{}"));
    assertThat(view.errors()).as("its change is missing for ever").hasSize(1);
    view.apply(fixture.put("bad", "{\"bad\":1}"));
    assertThat(view.errors()).hasSize(1);
    assertThat(view.view.statistics(fixture.store).errors()).isEqualTo(1);
  }

  @Test
  void whatIsNoStateIsAnError() {
    for (String function :
        List.of(
            "(acc, c) => undefined",
            "(acc, c) => { acc }",
            "(acc, c) => () => 1",
            "async (acc, c) => acc",
            "(acc, c) => { const a = []; a.push(a); return a }",
            "(acc, c) => { for (;;); }",
            "(acc, c) => { const z = []; for (;;) z.push('x'.repeat(100000) + z.length) }",
            "(acc, c) => { const f = () => f(); return f() }",
            "(acc, c) => 'x'.repeat(1048575)")) {
      ReduceFixture.Built view = fixture.view(fold(function, "1"));
      view.apply(fixture.put("a", "{}"), fixture.put("b", "{}"));
      assertThat(view.ask("value")).as(function).isEqualTo("1");
      assertThat(view.errors()).as(function).hasSize(2);
    }
  }

  @Test
  void nothingIsCarriedBesideTheState() {
    for (String function :
        List.of(
            "(() => { let n = 0; return (acc, c) => acc + ++n })()",
            "function f(acc, c) { f.n = (f.n || 0) + 1; return acc + f.n }")) {
      ReduceFixture.Built view = fixture.view(fold(function, "0"));
      view.apply(fixture.put("a", "{}"), fixture.put("b", "{}"), fixture.put("c", "{}"));
      assertThat(view.ask("value")).as(function).isEqualTo("3");
    }
    ReduceFixture.Built dates =
        fixture.view(fold("(acc, c) => typeof acc === 'string' ? acc + '!' : new Date(0)", "0"));
    dates.apply(fixture.put("a", "{}"), fixture.put("b", "{}"));
    assertThat(dates.ask("value")).isEqualTo("\"1970-01-01T00:00:00.000Z!\"");
  }

  @Test
  void aStateGrowsToItsLimitAndStays() {
    ReduceFixture.Built view =
        fixture.view(fold("(acc, c) => acc + acc", "\"" + "x".repeat(1000) + "\""));
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      changes.add(fixture.put("d" + i, "{}"));
    }
    view.apply(false, changes);
    assertThat(view.ask("value")).hasSize(1_024_002);
    assertThat(view.errors()).hasSize(2);
    assertThat(view.errors().get(0)).contains("longer than 1048576 characters");
  }

  @Test
  void theStateCanBeFollowed() {
    ReduceFixture.Built view = fixture.view(COUNT);
    assertThat(view.source("stream").rows().call(ViewArguments.none(), fixture.store).advance())
        .isTrue();
    Change last = fixture.put("b", "{}");
    view.apply(fixture.put("a", "{}"), last);
    assertThat(view.followed(List.of("a", "b"))).hasSize(1);
    assertThat(view.followed(List.of("a", "b")).get(0)).startsWith("b ").endsWith("=2");
    assertThat(view.followed(List.of())).isEmpty();
  }

  @Test
  void aFoldInJavaIsFoundByItsName() {
    ReduceFixture.Built view = fixture.view("{\"fold\":{\"java\":\"tally\"}}");
    assertThat(view.ask("get")).isEqualTo("{\"value\":{\"puts\":0,\"deletes\":0},\"sequence\":0}");
    view.apply(fixture.put("a", "{}"), fixture.put("bad", "{\"bad\":1}"), fixture.delete("a"));
    assertThat(view.ask("value")).isEqualTo("{\"puts\":1,\"deletes\":1}");
    assertThat(view.errors()).hasSize(1);
    assertThat(view.errors().get(0)).endsWith("IllegalStateException: bad");
  }

  @Test
  void whatAFoldInJavaGivesThatIsNoJsonIsAnError() {
    ReduceFixture.Built view = fixture.view("{\"fold\":{\"java\":\"odd\"}}");
    view.apply(
        fixture.put("a", "{}"),
        fixture.put("missing", "{}"),
        fixture.put("deep", "{}"),
        fixture.put("b", "{}"));
    assertThat(view.ask("value")).isEqualTo("2");
    assertThat(view.errors()).hasSize(2);
  }

  @Test
  void aFoldInJavaIsBoundedToo() {
    ReduceFixture.Built view = fixture.view("{\"fold\":{\"java\":\"doubling\"}}");
    for (int i = 0; i < 12; i++) {
      view.apply(fixture.put("d" + i, "{}"));
    }
    assertThat(view.ask("value")).hasSize(1_024_002);
    assertThat(view.errors()).hasSize(2);
  }

  @RepeatedTest(5)
  void anySplitGivesTheSameState() {
    Seed seed = Seed.next();
    Random random = seed.random();
    String function =
        "(acc, c) => { if (c.deleted) { delete acc[c.id]; return acc }"
            + " if (c.document.n % 13 === 7) throw new Error('seven');"
            + " if (c.document.n % 37 === 5) while (true) {}"
            + " acc[c.id] = [c.document.n, acc[c.id] ? acc[c.id][1] + 1 : 1, -0, NaN];"
            + " acc.last = c.seq; return acc }";
    for (String definition : List.of(fold(function, "{}"), "{\"fold\":{\"java\":\"tally\"}}")) {
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        String id = "d" + random.nextInt(20);
        changes.add(
            random.nextInt(5) == 0
                ? fixture.delete(id)
                : fixture.put(id, "{\"n\":" + random.nextInt(200) + "}"));
      }
      ReduceFixture.Built whole = fixture.view(definition);
      whole.apply(true, changes);
      ReduceFixture.Built split = fixture.view(definition);
      int from = 0;
      while (from < changes.size()) {
        int to = Math.min(changes.size(), from + 1 + random.nextInt(60));
        split.apply(false, changes.subList(from, to));
        from = to;
        if (random.nextBoolean()) {
          split.reopen();
        }
      }
      assertThat(split.everything()).as("%s", seed).isEqualTo(whole.everything());
    }
  }

  @Test
  void anInterruptedApplyGivesUp() {
    for (String definition : List.of(COUNT, "{\"fold\":{\"java\":\"tally\"}}")) {
      ReduceFixture.Built view = fixture.view(definition);
      List<Change> changes = List.of(fixture.put("a", "{}"));
      try (StoreBatch batch = fixture.store.batch()) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> view.view.apply(new ViewBatch(changes, true), batch))
            .isInstanceOf(InterruptedException.class);
      }
      assertThat(view.everything()).isEmpty();
    }
  }
}
