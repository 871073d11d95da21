package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Database;
import io.millrace.api.Queries;
import io.millrace.api.Queries.RowCursor;
import io.millrace.api.QueryInfo.State;
import io.millrace.api.Task;
import io.millrace.api.document.Edit;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.view.Consistency;
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
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Many views of one bucket, which are fed together and do not get into each other's way. */
@ExtendWith(NothingLeftBehind.class)
@Timeout(120)
class ViewPipelineTest {
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
    probes.values().forEach(ViewPipelineTest::letGo);
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

  private ObjectNode definition(String query) {
    probe(query);
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "probe")
        .put("field", "n")
        .put("probe", folder + "/" + query);
  }

  private void define(String query) {
    await(queries().define(query, definition(query), NOBODY));
  }

  private Map<String, String> rows(String query) {
    Map<String, String> rows = new TreeMap<>();
    try (RowCursor cursor =
        await(queries().rows(query, "rows", ViewArguments.none(), Consistency.latest()))) {
      while (cursor.advance()) {
        rows.put(
            cursor.current().documentId(),
            new String(cursor.current().value(), StandardCharsets.UTF_8));
      }
    }
    return rows;
  }

  private void put(String id, int n) {
    done(database, Use.put(B, id, "{\"n\":" + n + "}"));
  }

  private void fill(int documents) {
    List<Edit> edits = new ArrayList<>();
    for (int d = 0; d < documents; d++) {
      edits.add(Use.put(B, "d" + d, "{\"n\":" + d + "}"));
    }
    done(database, edits.toArray(new Edit[0]));
  }

  private State state(String query) {
    return queries().info(query).orElseThrow().state();
  }

  @Test
  void manySlowViewsHoldNobodyUp() {
    put("a", 1);
    define("fast");
    for (int i = 0; i < 20; i++) {
      probe("slow" + i).gate = new Semaphore(0);
      define("slow" + i);
    }
    Use.await(
        "all slow ones to be at work",
        () -> probes.values().stream().filter(p -> p.waiting.get() == 1).count() == 20);
    for (int i = 0; i < 50; i++) {
      put("a", i);
      assertThat(rows("fast")).containsEntry("a", "" + i);
    }
    probes.values().forEach(ViewPipelineTest::letGo);
    for (int i = 0; i < 20; i++) {
      assertThat(rows("slow" + i)).containsExactly(Map.entry("a", "49"));
    }
  }

  @Test
  void fiftyViewsAgree() {
    fill(5_000);
    for (int i = 0; i < 50; i++) {
      define("q" + i);
    }
    put("d7", -1);
    put("e", 1);
    for (int i = 0; i < 50; i++) {
      assertThat(rows("q" + i)).hasSize(5_001).containsEntry("d7", "-1").containsEntry("e", "1");
      // A document that moves while others are fed is met again, and not before it.
      assertThat(probe("q" + i).given.size()).isBetween(5_001, 5_003);
    }
    put("d8", -2);
    for (int i = 0; i < 50; i++) {
      assertThat(rows("q" + i)).containsEntry("d8", "-2");
    }
  }

  @Test
  void noDocumentIsCalledNewTwice() throws InterruptedException {
    long seed = Long.getLong("millrace.test.seed", System.nanoTime());
    Random random = new Random(seed);
    fill(3_000);
    Thread writer =
        new Thread(
            () -> {
              for (int i = 0; i < 600; i++) {
                put("d" + random.nextInt(3_000), -i);
              }
            });
    writer.start();
    for (int i = 0; i < 12; i++) {
      define("q" + i);
      if (i % 3 == 0) {
        queries().rebuild("q" + i / 2);
      }
    }
    writer.join();
    Map<String, String> expected = rows("q0");
    for (int i = 0; i < 12; i++) {
      assertThat(rows("q" + i)).as("seed %s", seed).isEqualTo(expected);
    }
    for (int i = 6; i < 12; i++) {
      // These were not rebuilt, so what they were given was given to one build.
      assertThat(probe("q" + i).given.stream().filter(Given::fresh).map(Given::id))
          .as("seed %s, query %s", seed, i)
          .doesNotHaveDuplicates();
      Map<String, Long> first = new HashMap<>();
      for (Given given : probe("q" + i).given) {
        Long before = first.putIfAbsent(given.id(), given.sequence());
        assertThat(before == null || !given.fresh()).as("seed %s", seed).isTrue();
      }
    }
  }

  @Test
  void aViewThatCannotBeWrittenNowIsTriedAgainWhileOthersGoOn() {
    define("good");
    define("bad");
    put("a", 1);
    assertThat(rows("bad")).hasSize(1);
    probe("bad").failure = new UnavailableException("test", "not now");
    put("b", 2);
    assertThat(rows("good")).hasSize(2);
    probe("bad").failure = null;
    assertThat(rows("bad")).hasSize(2);
    probe("bad").failure = new InternalException("broken", "broken");
    put("c", 3);
    assertThat(rows("good")).hasSize(3);
    Use.await("the failure", () -> state("bad") == State.FAILED);
    put("d", 4);
    assertThat(rows("good")).hasSize(4);
  }

  @Test
  void viewsSettleAfterTheyCaughtUp() {
    fill(5_000);
    Probe probe = probe("q");
    probe.unsettled.set(3);
    define("q");
    assertThat(rows("q")).hasSize(5_000);
    Use.await("the view to settle", () -> probe.settled.get() == 4);
    put("d1", -1);
    assertThat(rows("q")).containsEntry("d1", "-1");
    Use.await("the view to settle again", () -> probe.settled.get() == 5);
    probe.unsettled.set(1_000_000);
    put("d2", -2);
    Use.await("the view to be at it", () -> probe.settled.get() > 10);
    for (int i = 0; i < 20; i++) {
      put("d2", i);
      assertThat(rows("q")).containsEntry("d2", "" + i);
    }
    reopen();
    int before = probe.settled.get();
    Use.await("the view to go on settling", () -> probe.settled.get() > before + 10);
    put("d3", -3);
    assertThat(rows("q")).containsEntry("d3", "-3").hasSize(5_000);
    probe.unsettled.set(0);
  }

  @Test
  void aViewUnderSteadyWritesSettlesNowAndThen() {
    define("q");
    put("a", 0);
    rows("q");
    int before = probe("q").settled.get();
    int[] n = {0};
    Use.await(
        "the view to settle",
        () -> {
          put("a", n[0]++);
          return probe("q").settled.get() > before + 2;
        });
    assertThat(rows("q")).containsEntry("a", "" + (n[0] - 1));
  }

  @Test
  void tasksSayHowFarABuildIs() {
    fill(5_000);
    Probe probe = probe("q");
    probe.gate = new Semaphore(1);
    define("q");
    Use.await("the second portion", () -> !probe.given.isEmpty() && probe.waiting.get() == 1);
    Task task = database.tasks().get(0);
    assertThat(task.name()).isEqualTo("view films/q");
    assertThat(task.total()).isEqualTo(5_000);
    assertThat(task.done()).isEqualTo(probe.given.size());
    assertThat(task.rate()).isPositive();
    assertThat(task.remaining()).isPresent();
    Thread closer = new Thread(database::close);
    closer.start();
    probe.failure = new UnavailableException("test", "the end");
    letGo(probe);
    try {
      closer.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    probe.failure = null;
    probe.gate = new Semaphore(0);
    database = Use.kept(folder).open();
    Use.await("the build to be taken up", () -> probe.waiting.get() == 1);
    Task again = database.tasks().get(0);
    assertThat(again.done()).isBetween(1_900L, 2_100L);
    assertThat(again.earlier()).isEqualTo(again.done());
    assertThat(again.rate()).isZero();
    assertThat(again.remaining()).isEmpty();
    letGo(probe);
    assertThat(rows("q")).hasSize(5_000);
    Use.await("the end", () -> database.tasks().isEmpty());
  }

  @Test
  void allQueriesOfABucketAreRebuiltWhileTheyAnswer() {
    put("a", 1);
    define("q");
    define("r");
    assertThat(rows("q")).hasSize(1);
    assertThat(rows("r")).hasSize(1);
    Use.await("no more tasks", () -> database.tasks().isEmpty());
    probe("q").gate = new Semaphore(0);
    probe("r").gate = new Semaphore(0);
    assertThat(queries().rebuildAll()).containsExactly("q", "r");
    assertThat(database.tasks()).extracting(Task::name).contains("view films/q", "view films/r");
    assertThat(state("q")).isEqualTo(State.REBUILDING);
    assertThat(rows("q")).hasSize(1);
    probes.values().forEach(ViewPipelineTest::letGo);
    Use.await("the builds", () -> database.tasks().isEmpty());
    assertThat(rows("r")).hasSize(1);
    assertThat(database.bucket("none").queries().rebuildAll()).isEmpty();
  }

  private List<String> find(Consistency consistency) {
    List<String> ids = new ArrayList<>();
    try (RowCursor rows = await(queries().find(ViewArguments.none(), consistency))) {
      while (rows.advance()) {
        ids.add(rows.current().documentId());
      }
    }
    return ids;
  }

  private String candidates() {
    return await(queries().explain(ViewArguments.none(), Consistency.latest())).asText();
  }

  @Test
  void questionsUseTheIndexesThatAreReady() {
    put("a", 1);
    done(database, Use.put(B, "b", "{}"));
    assertThat(find(Consistency.latest())).containsExactly("a", "b");
    define("plain");
    await(queries().define("indexed", definition("indexed").put("indexed", true), NOBODY));
    rows("indexed");
    Use.await("the index to be ready", () -> state("indexed") == State.READY);
    assertThat(candidates()).isEqualTo("[indexed]");
    assertThat(find(Consistency.latest())).containsExactly("a");
    put("c", 1);
    assertThat(find(Consistency.latest())).containsExactly("a", "c");
    try (RowCursor rows = await(queries().find(ViewArguments.none(), Consistency.latest()))) {
      assertThat(rows.sequence()).isEqualTo(database.since().value());
    }
    probe("late").gate = new Semaphore(0);
    await(queries().define("late", definition("late").put("indexed", true), NOBODY));
    assertThat(candidates()).isEqualTo("[indexed]");
    probe("indexed").failure = new InternalException("broken", "broken");
    put("d", 1);
    Use.await("the failure", () -> state("indexed") == State.FAILED);
    assertThat(candidates()).isEqualTo("[]");
    assertThat(find(Consistency.latest())).containsExactly("a", "b", "c", "d");
  }

  @Test
  void aQuestionDoesNotWaitLongForAnIndex() {
    put("a", 1);
    await(queries().define("indexed", definition("indexed").put("indexed", true), NOBODY));
    rows("indexed");
    Use.await("the index to be ready", () -> state("indexed") == State.READY);
    probe("indexed").gate = new Semaphore(0);
    put("b", 1);
    assertThat(find(Consistency.any())).containsExactly("a");
    assertThat(find(Consistency.latest())).containsExactly("a", "b");
    assertThat(
            failure(
                queries()
                    .find(
                        ViewArguments.none(),
                        Consistency.atLeast(1_000).within(Duration.ofMillis(10)))))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.code()).isEqualTo("view-behind"));
  }

  @Test
  void questionsThatMakeNoSenseAreRefused() {
    put("a", 1);
    Consistency latest = Consistency.latest();
    assertThat(failure(queries().find(ViewArguments.ofTexts(Map.of("quer", "[]")), latest)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("quer")
        .hasMessageContaining("query");
    assertThat(failure(queries().find(ViewArguments.ofTexts(Map.of("query", "{}")), latest)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("query");
    assertThat(failure(database.bucket("none").queries().find(ViewArguments.none(), latest)))
        .isInstanceOf(NotFoundException.class);
    database.close();
    ClassLoader without =
        new ClassLoader(getClass().getClassLoader()) {
          @Override
          public java.util.Enumeration<java.net.URL> getResources(String resource)
              throws java.io.IOException {
            return resource.endsWith("io.millrace.spi.ViewProvider")
                ? java.util.Collections.emptyEnumeration()
                : super.getResources(resource);
          }
        };
    database = Use.kept(folder).classLoader(without).open();
    assertThat(failure(queries().find(ViewArguments.none(), latest)))
        .isInstanceOf(UnsupportedException.class);
  }
}
