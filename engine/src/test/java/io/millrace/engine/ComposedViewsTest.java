package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.delete;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Database;
import io.millrace.api.LiveRows;
import io.millrace.api.Queries;
import io.millrace.api.Queries.Defined;
import io.millrace.api.Queries.RowCursor;
import io.millrace.api.QueryInfo.State;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.Following;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.LiveRow;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import io.millrace.engine.ProbeViewProvider.Given;
import io.millrace.engine.ProbeViewProvider.Probe;
import io.millrace.tck.NothingLeftBehind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Queries whose input are the rows of others. */
@ExtendWith(NothingLeftBehind.class)
@Timeout(120)
class ComposedViewsTest {
  private static final String B = "films";

  @TempDir Path folder;
  private Database database;
  private final Map<String, Probe> probes = new HashMap<>();

  @BeforeEach
  void open() {
    database = Use.kept(folder).open();
    await(database.createBucket(B, NOBODY));
  }

  @AfterEach
  void close() {
    probes.values().forEach(ComposedViewsTest::letGo);
    database.close();
    probes.values().forEach(p -> assertThat(p.closed.get()).isEqualTo(p.opened.get()));
  }

  private static void letGo(Probe probe) {
    Semaphore gate = probe.gate;
    probe.gate = null;
    if (gate != null) {
      gate.release(1_000_000);
    }
  }

  private void reopen() {
    database.close();
    database = Use.kept(folder).open();
  }

  private Queries queries() {
    return database.bucket(B).queries();
  }

  private Probe probe(String query) {
    return probes.computeIfAbsent(query, q -> ProbeViewProvider.probe(folder + "/" + q));
  }

  private ObjectNode definition(String query, String field) {
    probe(query);
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "probe")
        .put("field", field)
        .put("probe", folder + "/" + query);
  }

  private Defined define(String query, String field) {
    return await(queries().define(query, definition(query, field), NOBODY));
  }

  private Defined defineFrom(String query, String parent) {
    ObjectNode definition = definition(query, "rows").put("from", parent);
    return await(queries().define(query, definition, NOBODY));
  }

  private Map<String, String> rows(String query, Consistency consistency) {
    Map<String, String> rows = new TreeMap<>();
    try (RowCursor cursor =
        await(queries().rows(query, "rows", ViewArguments.none(), consistency))) {
      while (cursor.advance()) {
        Row row = cursor.current();
        rows.put(row.documentId(), new String(row.value(), StandardCharsets.UTF_8));
      }
    }
    return rows;
  }

  private Map<String, String> rows(String query) {
    return rows(query, Consistency.latest());
  }

  private void put(String id, int n) {
    done(database, Use.put(B, id, "{\"n\":" + n + ",\"m\":" + -n + "}"));
  }

  private static String row(String id, int n) {
    return "[{\"key\":\"" + id + "\",\"value\":" + n + "}]";
  }

  private State state(String query) {
    return queries().info(query).orElseThrow().state();
  }

  @Test
  void rowsAreThoseOfTheOtherQueryAfterEachWrite() {
    define("parent", "n");
    assertThat(defineFrom("child", "parent")).isEqualTo(Defined.CREATED);
    assertThat(defineFrom("child", "parent")).isEqualTo(Defined.UNCHANGED);
    assertThat(queries().info("child").orElseThrow().definition().from()).isEqualTo("parent");
    for (int i = 0; i < 200; i++) {
      put("a", i);
      assertThat(rows("child")).containsExactly(Map.entry("a", row("a", i)));
    }
    done(database, Use.put(B, "b", "{\"other\":1}"));
    assertThat(rows("child")).containsEntry("b", "[]");
    done(database, delete(B, "a"));
    assertThat(rows("child")).containsOnlyKeys("b");
    defineFrom("grandchild", "child");
    put("c", 3);
    assertThat(rows("grandchild")).containsOnlyKeys("b", "c");
    assertThat(rows("grandchild").get("c"))
        .isEqualTo("[{\"key\":\"c\",\"value\":" + row("c", 3) + "}]");
    assertThat(probe("child").given).extracting(Given::sequence).isSorted();
  }

  @Test
  void whatIsThereIsGivenOnce() {
    List<Edit> edits = new ArrayList<>();
    for (int d = 0; d < 5_000; d++) {
      edits.add(Use.put(B, "d" + d, "{\"n\":" + d + "}"));
    }
    done(database, edits.toArray(new Edit[0]));
    define("parent", "n");
    defineFrom("child", "parent");
    assertThat(rows("child")).hasSize(5_000).containsEntry("d7", row("d7", 7));
    assertThat(probe("child").given).hasSize(5_000).allMatch(Given::fresh);
    reopen();
    assertThat(rows("child")).hasSize(5_000);
    put("d7", 8);
    assertThat(rows("child")).containsEntry("d7", row("d7", 8));
    assertThat(probe("child").given).hasSize(5_001);
  }

  @Test
  void aParentThatIsBehindKeepsItsChildFromAnsweringTooEarly() {
    put("a", 1);
    define("parent", "n");
    defineFrom("child", "parent");
    assertThat(rows("child")).containsEntry("a", row("a", 1));
    probe("parent").gate = new Semaphore(0);
    put("a", 2);
    put("b", 1);
    assertThat(
            failure(
                queries()
                    .rows(
                        "child",
                        "rows",
                        ViewArguments.none(),
                        Consistency.latest().within(Duration.ofMillis(50)))))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.code()).isEqualTo("view-behind"));
    assertThat(rows("child", Consistency.any())).containsExactly(Map.entry("a", row("a", 1)));
    letGo(probe("parent"));
    assertThat(rows("child")).containsEntry("a", row("a", 2)).containsEntry("b", row("b", 1));
  }

  @Test
  void inputsThatMakeNoSenseAreRefused() {
    define("parent", "n");
    defineFrom("child", "parent");
    long before = database.since().value();
    assertRefused(definition("x", "rows").put("from", "none"), "x", "no query called none");
    assertRefused(definition("x", "rows").put("from", "x"), "x", "its own rows");
    assertRefused(definition("x", "rows").put("from", 3), "x", "member from");
    assertRefused(
        definition("parent", "n").put("from", "child"), "parent", "comes from parent itself");
    assertRefused(
        definition("x", "rows").put("from", "parent").put("input", "changes"), "x", "every change");
    assertThat(database.since().value()).isEqualTo(before);
    await(queries().define("log", definition("log", "n").put("input", "changes"), NOBODY));
    assertRefused(definition("x", "rows").put("from", "log"), "x", "cannot be found by document");
    assertThat(queries().info("x")).isEmpty();
  }

  private void assertRefused(ObjectNode definition, String name, String reason) {
    assertThat(failure(queries().define(name, definition, NOBODY)))
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageContaining(reason)
        .hasMessageContaining("from");
  }

  @Test
  void aChangedParentBuildsItsChildrenAnew() {
    put("a", 1);
    define("parent", "n");
    defineFrom("child", "parent");
    defineFrom("grandchild", "child");
    assertThat(rows("grandchild")).hasSize(1);
    for (int i = 0; i < 20; i++) {
      int sign = i % 2 == 0 ? -1 : 1;
      define("parent", i % 2 == 0 ? "m" : "n");
      assertThat(rows("child", Consistency.any())).isIn(Map.of(), Map.of("a", row("a", sign)));
      assertThat(rows("child")).containsExactly(Map.entry("a", row("a", sign)));
      assertThat(rows("grandchild").get("a")).contains(row("a", sign));
    }
    KeptStoreProvider.Shelf shelf = KeptStoreProvider.shelf(folder);
    Use.await("old rows to go", () -> shelf.viewRows().size() == 3);
  }

  @Test
  void aParentThatChangedWhileTheChildWasNotOpenIsNoticed() {
    put("a", 1);
    define("parent", "n");
    defineFrom("child", "parent");
    assertThat(rows("child")).hasSize(1);
    // The child's new build gets nowhere before the database is closed.
    probe("child").failure = new UnavailableException("test", "not now");
    define("parent", "m");
    assertThat(rows("parent")).containsEntry("a", "-1");
    database.close();
    probe("child").failure = null;
    database = Use.kept(folder).open();
    assertThat(rows("child")).containsExactly(Map.entry("a", row("a", -1)));
  }

  @Test
  void aChildWithoutItsParentStandsStillUntilItIsBack() {
    put("a", 1);
    define("parent", "n");
    defineFrom("child", "parent");
    defineFrom("grandchild", "child");
    assertThat(rows("grandchild")).hasSize(1);
    await(queries().remove("parent", NOBODY));
    for (int i = 0; i < 2; i++) {
      assertThat(state("child")).isEqualTo(State.FAILED);
      assertThat(queries().info("child").orElseThrow().failure()).contains("parent", "no such");
      assertThat(queries().info("grandchild").orElseThrow().failure()).contains("parent", "child");
      for (String query : List.of("child", "grandchild")) {
        assertThat(
                failure(queries().rows(query, "rows", ViewArguments.none(), Consistency.latest())))
            .isInstanceOfSatisfying(
                UnavailableException.class, e -> assertThat(e.code()).isEqualTo("view-failed"));
      }
      assertThat(database.tasks()).isEmpty();
      reopen();
    }
    put("b", 2);
    define("parent", "m");
    assertThat(rows("child")).containsEntry("a", row("a", -1)).containsEntry("b", row("b", -2));
    assertThat(rows("grandchild")).containsOnlyKeys("a", "b");
    Use.await("the child to be ready", () -> state("child") == State.READY);
  }

  @Test
  void aFailingParentIsToldOfAtTheChild() {
    put("a", 1);
    define("parent", "n");
    defineFrom("child", "parent");
    assertThat(rows("child")).hasSize(1);
    probe("parent").failure = new InternalException("broken", "broken on purpose");
    put("a", 2);
    Use.await("the failure", () -> state("parent") == State.FAILED);
    assertThat(failure(queries().rows("child", "rows", ViewArguments.none(), Consistency.latest())))
        .hasMessageContaining("broken on purpose");
    assertThat(rows("child", Consistency.any())).containsEntry("a", row("a", 1));
    probe("parent").failure = null;
    queries().rebuild("parent");
    assertThat(rows("child")).containsEntry("a", row("a", 2));
    assertThat(state("child")).isEqualTo(State.READY);
  }

  @Test
  void whoWaitsForAChildIsToldAtOnceThatItsParentFails() {
    put("a", 1);
    define("parent", "n");
    defineFrom("child", "parent");
    defineFrom("grandchild", "child");
    assertThat(rows("grandchild")).hasSize(1);
    probe("parent").gate = new Semaphore(0);
    put("a", 2);
    Consistency patient = Consistency.latest().within(Duration.ofMinutes(10));
    CompletionStage<RowCursor> child =
        queries().rows("child", "rows", ViewArguments.none(), patient);
    CompletionStage<RowCursor> grandchild =
        queries().rows("grandchild", "rows", ViewArguments.none(), patient);
    Use.await("the step of the parent", () -> probe("parent").waiting.get() == 1);
    assertThat(child.toCompletableFuture()).isNotDone();
    assertThat(grandchild.toCompletableFuture()).isNotDone();
    probe("parent").failure = new InternalException("broken", "broken on purpose");
    letGo(probe("parent"));
    for (CompletionStage<RowCursor> waiting : List.of(child, grandchild)) {
      assertThat(failure(waiting))
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.code()).isEqualTo("view-failed"))
          .hasMessageContaining("broken on purpose");
    }
    probe("parent").failure = null;
    queries().rebuild("parent");
    assertThat(rows("grandchild")).hasSize(1);
    probe("parent").failure = new InternalException("broken", "broken again");
    queries().rebuild("parent");
    Use.await("the failure of the rebuild", () -> state("parent") == State.FAILED);
    assertThat(rows("child", patient)).as("from the rows that are there").hasSize(1);
  }

  @Test
  void aRebuiltParentChangesNothingForItsChildren() throws InterruptedException {
    define("parent", "n");
    defineFrom("child", "parent");
    List<Throwable> troubles = new java.util.concurrent.CopyOnWriteArrayList<>();
    Thread writer =
        new Thread(
            () -> {
              for (int i = 0; i < 400; i++) {
                put("d" + i % 7, i);
                assertThat(rows("child")).containsEntry("d" + i % 7, row("d" + i % 7, i));
              }
            });
    writer.setUncaughtExceptionHandler((thread, trouble) -> troubles.add(trouble));
    writer.start();
    while (writer.isAlive()) {
      assertThat(queries().rebuildAll()).containsExactly("child", "parent");
      writer.join(10);
    }
    assertThat(troubles).isEmpty();
    assertThat(rows("child")).hasSize(7);
    Use.await("the builds", () -> database.tasks().isEmpty());
    assertThat(rows("child")).hasSize(7).containsEntry("d0", row("d0", 399));
  }

  @Test
  void rowsOfAChildCanBeFollowed() {
    define("parent", "n");
    defineFrom("child", "parent");
    try (LiveRows rows =
        await(
            queries()
                .follow(
                    "child",
                    "rows",
                    ViewArguments.none(),
                    Following.now(),
                    Consistency.latest()))) {
      assertThat(rows.advance()).isTrue();
      put("a", 1);
      while (!rows.advance()) {
        await(rows.whenMore());
      }
      assertThat(rows.current())
          .isInstanceOfSatisfying(
              LiveRow.Changed.class, c -> assertThat(c.row().documentId()).isEqualTo("a"));
    }
  }

  @Test
  void childrenAgreeWithTheirParentsWhereverTheDatabaseWasClosed() {
    long seed = Long.getLong("millrace.test.seed", System.nanoTime());
    Random random = new Random(seed);
    define("parent", "n");
    defineFrom("child", "parent");
    Map<String, String> expected = new TreeMap<>();
    for (int round = 0; round < 40; round++) {
      List<Edit> edits = new ArrayList<>();
      Map<String, Integer> values = new HashMap<>();
      for (int i = random.nextInt(60); i >= 0; i--) {
        values.put("d" + random.nextInt(50), random.nextInt(100));
      }
      values.forEach(
          (id, n) -> {
            if (n < 20) {
              edits.add(delete(B, id));
            } else {
              edits.add(Use.put(B, id, n < 30 ? "{}" : "{\"n\":" + n + "}"));
            }
          });
      for (Edit edit : edits) {
        await(database.commit(CommitRequest.write(List.of(edit), NOBODY)));
      }
      values.forEach(
          (id, n) -> {
            if (n < 20) {
              expected.remove(id);
            } else {
              expected.put(id, n < 30 ? "[]" : row(id, n));
            }
          });
      if (random.nextInt(4) == 0) {
        queries().rebuild(random.nextBoolean() ? "parent" : "child");
      }
      if (random.nextBoolean()) {
        reopen();
      }
      if (random.nextBoolean()) {
        assertThat(rows("child")).as("seed %s, round %s", seed, round).isEqualTo(expected);
      }
    }
    assertThat(rows("child")).as("seed %s", seed).isEqualTo(expected);
  }
}
