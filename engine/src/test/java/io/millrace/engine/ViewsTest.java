package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.delete;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Database;
import io.millrace.api.Queries;
import io.millrace.api.Queries.Defined;
import io.millrace.api.Queries.RowCursor;
import io.millrace.api.QueryInfo;
import io.millrace.api.QueryInfo.State;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import io.millrace.engine.ProbeViewProvider.Given;
import io.millrace.engine.ProbeViewProvider.Probe;
import io.millrace.tck.NothingLeftBehind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeftBehind.class)
@Timeout(120)
class ViewsTest {
  private static final String B = "films";

  @TempDir Path folder;
  private Database database;
  private String name;
  private Probe probe;

  @BeforeEach
  void open() {
    name = folder.toString();
    probe = ProbeViewProvider.probe(name);
    database = Use.kept(folder).open();
    await(database.createBucket(B, NOBODY));
  }

  @AfterEach
  void close() {
    letGo();
    database.close();
    assertThat(probe.closed.get()).isEqualTo(probe.opened.get());
  }

  private void letGo() {
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

  private ObjectNode definition(String field) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "probe")
        .put("field", field)
        .put("probe", name);
  }

  private Defined define(String query, String field) {
    return await(queries().define(query, definition(field), NOBODY));
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

  private QueryInfo info(String query) {
    return queries().info(query).orElseThrow();
  }

  private void put(String id, int n) {
    done(database, Use.put(B, id, "{\"n\":" + n + ",\"m\":" + -n + "}"));
  }

  @Test
  void rowsFollowEveryAcknowledgedWrite() {
    assertThat(define("q", "n")).isEqualTo(Defined.CREATED);
    for (int i = 0; i < 300; i++) {
      put("a", i);
      assertThat(rows("q")).containsExactly(Map.entry("a", "" + i));
    }
    done(database, delete(B, "a"));
    assertThat(rows("q")).isEmpty();
    put("b", 1);
    done(database, Use.put("other", "x", "{}"));
    long last = database.since().value();
    try (RowCursor cursor =
        await(queries().rows("q", "rows", ViewArguments.none(), Consistency.atLeast(last)))) {
      assertThat(cursor.sequence()).isEqualTo(last);
    }
    assertThat(await(queries().call("q", "count", ViewArguments.none(), Consistency.latest())))
        .hasToString("1");
    Use.await("the query to be ready", () -> info("q").state() == State.READY);
    assertThat(info("q").rows()).isEqualTo(1);
    assertThat(info("q").methods()).containsEntry("rows", "source").containsEntry("peek", "sync");
    assertThat(database.tasks()).isEmpty();
  }

  @Test
  void anInitialBuildIsGivenEachLiveDocumentOnce() {
    for (int i = 0; i < 20; i++) {
      List<Edit> edits = new ArrayList<>();
      for (int d = 0; d < 500; d++) {
        edits.add(Use.put(B, "d" + d, "{\"n\":" + i + "}"));
      }
      done(database, edits.toArray(new Edit[0]));
    }
    define("q", "n");
    assertThat(rows("q")).hasSize(500).containsEntry("d7", "19");
    assertThat(probe.given).hasSize(500).allMatch(Given::fresh);
    assertThat(probe.given).extracting(Given::id).doesNotHaveDuplicates();
    put("d7", 20);
    assertThat(rows("q")).containsEntry("d7", "20");
    assertThat(probe.given).hasSize(501);
    assertThat(probe.given.get(500).fresh()).isFalse();
  }

  @Test
  void documentsThatChangeDuringTheBuildHaveTheirNewestRow() {
    List<Edit> edits = new ArrayList<>();
    for (int d = 0; d < 5_000; d++) {
      edits.add(Use.put(B, "d" + d, "{\"n\":0}"));
    }
    done(database, edits.toArray(new Edit[0]));
    Semaphore gate = new Semaphore(1);
    probe.gate = gate;
    define("q", "n");
    Use.await("the second portion", () -> !probe.given.isEmpty() && probe.waiting.get() == 1);
    assertThat(info("q").state()).isEqualTo(State.BUILDING);
    assertThat(database.tasks()).hasSize(1);
    assertThat(database.tasks().get(0).done()).isEqualTo(2_000);
    put("d1", 1);
    put("d4999", 2);
    done(database, delete(B, "d2"));
    assertThat(rows("q", Consistency.any())).hasSize(2_000);
    Throwable behind =
        failure(
            queries()
                .rows(
                    "q",
                    "rows",
                    ViewArguments.none(),
                    Consistency.latest().within(Duration.ofMillis(20))));
    assertThat(behind)
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.code()).isEqualTo("view-behind"))
        .hasMessageContaining("of 5005");
    letGo();
    Map<String, String> rows = rows("q");
    assertThat(rows).hasSize(4_999).containsEntry("d1", "1").containsEntry("d4999", "2");
  }

  @Test
  void aChangedDefinitionNeverServesOldRows() {
    put("a", 1);
    define("q", "n");
    assertThat(rows("q")).containsEntry("a", "1");
    assertThat(define("q", "n")).isEqualTo(Defined.UNCHANGED);
    for (int i = 0; i < 50; i++) {
      assertThat(define("q", i % 2 == 0 ? "m" : "n")).isEqualTo(Defined.CHANGED);
      Map<String, String> any = rows("q", Consistency.any());
      String value = i % 2 == 0 ? "-1" : "1";
      assertThat(any).isIn(Map.of(), Map.of("a", value));
      assertThat(rows("q")).containsExactly(Map.entry("a", value));
    }
    assertThat(await(queries().remove("q", NOBODY))).isTrue();
    assertThat(await(queries().remove("q", NOBODY))).isFalse();
    assertThat(failure(queries().rows("q", "rows", ViewArguments.none(), Consistency.any())))
        .isInstanceOf(NotFoundException.class);
    assertThat(queries().list()).isEmpty();
    Use.await("old views to be closed", () -> probe.closed.get() == probe.opened.get());
  }

  @Test
  void readersAreNotDisturbedByRedefinitions() throws InterruptedException {
    put("a", 1);
    define("q", "n");
    List<Throwable> troubles = new java.util.concurrent.CopyOnWriteArrayList<>();
    List<Thread> readers = new ArrayList<>();
    java.util.concurrent.atomic.AtomicBoolean ended =
        new java.util.concurrent.atomic.AtomicBoolean();
    for (int t = 0; t < 3; t++) {
      Thread reader =
          new Thread(
              () -> {
                while (!ended.get()) {
                  assertThat(rows("q")).isIn(Map.of("a", "1"), Map.of("a", "-1"));
                }
              });
      reader.setUncaughtExceptionHandler((thread, trouble) -> troubles.add(trouble));
      readers.add(reader);
      reader.start();
    }
    for (int i = 0; i < 60; i++) {
      define("q", i % 2 == 0 ? "m" : "n");
      if (i % 3 == 0) {
        queries().rebuild("q");
      }
    }
    ended.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(troubles).isEmpty();
  }

  @Test
  void aRebuildSwapsWhenItIsComplete() {
    put("a", 1);
    define("q", "n");
    assertThat(rows("q")).containsEntry("a", "1");
    assertThatThrownBy(() -> queries().rebuild("none")).isInstanceOf(NotFoundException.class);
    // The first build answers a moment before it is known to be complete.
    Use.await("the query to be ready", () -> info("q").state() == State.READY);
    Semaphore gate = new Semaphore(0);
    probe.gate = gate;
    queries().rebuild("q");
    Use.await("the new build", () -> probe.waiting.get() == 1);
    assertThat(info("q").state()).isEqualTo(State.REBUILDING);
    assertThat(rows("q")).containsEntry("a", "1");
    put("b", 2);
    Use.await("both builds", () -> probe.waiting.get() == 2);
    assertThat(rows("q", Consistency.any())).containsOnlyKeys("a");
    letGo();
    assertThat(rows("q")).containsOnlyKeys("a", "b");
    Use.await("the swap", () -> info("q").state() == State.READY);
    Use.await("the old build to be closed", () -> probe.closed.get() == 1);
    assertThat(rows("q")).containsOnlyKeys("a", "b");
  }

  @Test
  void anOpenCursorKeepsItsRowsWhileTheQueryGoes() {
    put("a", 1);
    define("q", "n");
    rows("q");
    RowCursor cursor =
        await(queries().rows("q", "rows", ViewArguments.none(), Consistency.latest()));
    await(queries().remove("q", NOBODY));
    assertThat(cursor.advance()).isTrue();
    assertThat(cursor.current().documentId()).isEqualTo("a");
    assertThat(probe.closed.get()).isZero();
    cursor.close();
    cursor.close();
    assertThat(probe.closed.get()).isEqualTo(1);
  }

  @Test
  void rowsOfAQueryThatEndedDoNotStay() {
    put("a", 1);
    define("q", "n");
    define("r", "n");
    rows("q");
    rows("r");
    KeptStoreProvider.Shelf shelf = KeptStoreProvider.shelf(folder);
    assertThat(shelf.viewRows()).hasSize(2);
    await(queries().remove("r", NOBODY));
    Use.await("the rows to go", () -> shelf.viewRows().size() == 1);
    RowCursor cursor =
        await(queries().rows("q", "rows", ViewArguments.none(), Consistency.latest()));
    await(queries().remove("q", NOBODY));
    assertThat(shelf.viewRows()).hasSize(1);
    reopen();
    assertThat(shelf.viewRows()).isEmpty();
    cursor.close();
    define("q", "n");
    assertThat(rows("q")).containsOnlyKeys("a");
    await(database.dropBucket(B, NOBODY));
    Use.await("the rows to go", () -> shelf.viewRows().isEmpty());
  }

  @Test
  void aRestartGoesOnFromTheCheckpoint() {
    for (int i = 0; i < 100; i++) {
      put("d" + i, i);
    }
    define("q", "n");
    assertThat(rows("q")).hasSize(100);
    reopen();
    assertThat(rows("q")).hasSize(100);
    assertThat(probe.given).hasSize(100);
    put("d5", 500);
    assertThat(rows("q")).containsEntry("d5", "500");
    assertThat(probe.given).hasSize(101);
    assertThat(define("q", "n")).isEqualTo(Defined.UNCHANGED);
  }

  @Test
  void whoAsksForAnyStateIsAnsweredAtOnceThoughTheViewIsBehind() {
    put("a", 1);
    define("q", "n");
    assertThat(rows("q")).containsExactly(Map.entry("a", "1"));
    long reached = database.since().value();
    probe.gate = new Semaphore(0);
    put("a", 2);
    put("b", 1);
    Use.await("the view to be at work", () -> probe.waiting.get() == 1);
    CompletionStage<RowCursor> asked =
        queries().rows("q", "rows", ViewArguments.none(), Consistency.any());
    assertThat(asked.toCompletableFuture()).as("without any wait").isCompleted();
    try (RowCursor cursor = await(asked)) {
      assertThat(cursor.sequence()).isEqualTo(reached);
    }
    assertThat(rows("q", Consistency.any())).containsExactly(Map.entry("a", "1"));
    assertThat(await(queries().call("q", "count", ViewArguments.none(), Consistency.any())))
        .hasToString("1");
    assertThat(probe.waiting.get()).as("the view is still behind").isEqualTo(1);
    letGo();
    assertThat(rows("q")).containsExactly(Map.entry("a", "2"), Map.entry("b", "1"));
  }

  @Test
  void aLogThatWasCutTakesTheRowsOfItsFutureAlong() {
    put("a", 1);
    define("q", "n");
    int kept = KeptLogProvider.tape(folder).records.size();
    put("future", 2);
    assertThat(rows("q")).containsOnlyKeys("a", "future");
    database.close();
    cutLog(kept);
    database = Use.kept(folder).acceptLoss(true).open();
    assertOnlyTheRowsOfTheLog();
  }

  @Test
  void aViewThatIsAheadOfItsLogIsBuiltAgain() {
    put("a", 1);
    define("q", "n");
    assertThat(rows("q")).containsOnlyKeys("a");
    database.close();
    int kept = KeptLogProvider.tape(folder).records.size();
    Map<String, Map<ByteBuffer, byte[]>> index = index();
    database = Use.kept(folder).open();
    put("future", 2);
    assertThat(rows("q")).containsOnlyKeys("a", "future");
    database.close();
    // Everything but the views is as it was, so nothing but the views can tell.
    cutLog(kept);
    putBack(index);
    database = Use.kept(folder).open();
    assertOnlyTheRowsOfTheLog();
  }

  private void cutLog(int kept) {
    List<byte[]> records = KeptLogProvider.tape(folder).records;
    records.subList(kept, records.size()).clear();
  }

  private void assertOnlyTheRowsOfTheLog() {
    assertThat(rows("q", Consistency.any())).doesNotContainKey("future");
    assertThat(rows("q")).containsExactly(Map.entry("a", "1"));
    put("other", 3);
    assertThat(rows("q")).containsOnlyKeys("a", "other");
  }

  /** All keyspaces of the store but those of the views. */
  private Map<String, Map<ByteBuffer, byte[]>> index() {
    Store store = KeptStoreProvider.shelf(folder).present();
    Map<String, Map<ByteBuffer, byte[]>> copy = new TreeMap<>();
    for (String keyspace : store.keyspaces()) {
      if (keyspace.startsWith("view")) {
        continue;
      }
      Map<ByteBuffer, byte[]> rows = new HashMap<>();
      try (StoreCursor cursor = store.range(store.keyspace(keyspace), KeyRange.all())) {
        while (cursor.advance()) {
          rows.put(ByteBuffer.wrap(cursor.key()), cursor.value());
        }
      }
      copy.put(keyspace, rows);
    }
    return copy;
  }

  private void putBack(Map<String, Map<ByteBuffer, byte[]>> index) {
    Store store = KeptStoreProvider.shelf(folder).present();
    index.forEach(
        (name, rows) -> {
          Keyspace keyspace = store.keyspace(name);
          try (StoreBatch batch = store.batch()) {
            batch.deleteRange(keyspace, new byte[0], null);
            rows.forEach((key, value) -> batch.put(keyspace, key.array(), value));
            store.write(batch);
          }
        });
  }

  @Test
  void aBuildThatWasInterruptedGoesOnWhereItWas() {
    List<Edit> edits = new ArrayList<>();
    for (int d = 0; d < 4_500; d++) {
      edits.add(Use.put(B, "d" + d, "{\"n\":" + d + "}"));
    }
    done(database, edits.toArray(new Edit[0]));
    probe.gate = new Semaphore(1);
    define("q", "n");
    Use.await("the second portion", () -> !probe.given.isEmpty() && probe.waiting.get() == 1);
    CompletionStage<RowCursor> waiting =
        queries().rows("q", "rows", ViewArguments.none(), Consistency.latest());
    probe.failure = new UnavailableException("test", "the end");
    Thread closer = new Thread(database::close);
    closer.start();
    assertThat(failure(waiting)).isInstanceOf(UnavailableException.class);
    letGo();
    try {
      closer.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    probe.failure = null;
    database = Use.kept(folder).open();
    assertThat(rows("q")).hasSize(4_500);
    assertThat(probe.given).hasSize(4_500);
    assertThat(probe.given).extracting(Given::id).doesNotHaveDuplicates();
  }

  @Test
  void aFailingViewStandsStillAndHoldsNobodyUp() {
    put("a", 1);
    define("good", "n");
    ObjectNode bad = definition("n").put("probe", name + "-bad");
    Probe broken = ProbeViewProvider.probe(name + "-bad");
    broken.failure = new IllegalStateException("the view is broken");
    await(queries().define("bad", bad, NOBODY));
    assertThat(failure(queries().rows("bad", "rows", ViewArguments.none(), Consistency.latest())))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.code()).isEqualTo("view-failed"))
        .hasMessageContaining("the view is broken");
    Use.await("the failure", () -> info("bad").state() == State.FAILED);
    assertThat(info("bad").failure()).contains("the view is broken");
    put("b", 2);
    assertThat(rows("good")).containsOnlyKeys("a", "b");
    broken.failure = new StackOverflowError("deep");
    queries().rebuild("bad");
    Use.await("the other failure", () -> "deep".equals(info("bad").failure()));
    broken.failure = null;
    queries().rebuild("bad");
    assertThat(rows("bad")).containsOnlyKeys("a", "b");
    Use.await("the query to be ready", () -> info("bad").state() == State.READY);
    Probe unopened = ProbeViewProvider.probe(name + "-unopened");
    unopened.openFailure = new IllegalStateException("cannot open");
    await(queries().define("closed", definition("n").put("probe", name + "-unopened"), NOBODY));
    assertThat(failure(queries().rows("closed", "rows", ViewArguments.none(), Consistency.any())))
        .hasMessageContaining("cannot open");
  }

  @Test
  void anUnknownTypeInTheLogIsAFailedQueryAndNotAFailedOpening() {
    put("a", 1);
    define("q", "n");
    rows("q");
    probe.openFailure = new IllegalStateException("not any more");
    reopen();
    Use.await("the failure", () -> info("q").state() == State.FAILED);
    assertThat(info("q").failure()).contains("not any more");
    assertThat(failure(queries().rows("q", "rows", ViewArguments.none(), Consistency.any())))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.code()).isEqualTo("view-failed"));
    put("b", 1);
    probe.openFailure = null;
    reopen();
    assertThat(rows("q")).containsOnlyKeys("a", "b");
    ClassLoader without = new WithoutViews(getClass().getClassLoader());
    database.close();
    database = Use.kept(folder).classLoader(without).open();
    assertThat(info("q").state()).isEqualTo(State.FAILED);
    assertThat(info("q").failure()).contains("probe");
    assertThat(failure(queries().define("r", definition("n"), NOBODY)))
        .isInstanceOf(InvalidDefinitionException.class);
  }

  /** Hides the registrations of view modules. */
  private static final class WithoutViews extends ClassLoader {
    WithoutViews(ClassLoader parent) {
      super(parent);
    }

    @Override
    public java.util.Enumeration<java.net.URL> getResources(String resource)
        throws java.io.IOException {
      return resource.endsWith("io.millrace.spi.ViewProvider")
          ? java.util.Collections.emptyEnumeration()
          : super.getResources(resource);
    }
  }

  @Test
  void definitionsThatMakeNoSenseAreRefused() {
    assertThat(failure(queries().define("q", definition("n").put("field", 1), NOBODY)))
        .isInstanceOf(InvalidDefinitionException.class);
    assertThat(failure(queries().define("q", definition("n").put("type", 1), NOBODY)))
        .isInstanceOf(InvalidDefinitionException.class);
    assertThat(failure(queries().define("../q", definition("n"), NOBODY)))
        .isInstanceOf(InvalidRequestException.class);
    probe.validateFailure = new InvalidDefinitionException("not this one");
    assertThat(failure(queries().define("q", definition("n"), NOBODY)))
        .hasMessageContaining("not this one");
    assertThat(queries().list()).isEmpty();
    assertThat(database.since().value()).isEqualTo(1);
  }

  @Test
  void callsThatMakeNoSenseAreRefused() {
    put("a", 1);
    define("q", "n");
    Consistency any = Consistency.any();
    assertThat(failure(queries().call("none", "count", ViewArguments.none(), any)))
        .isInstanceOf(NotFoundException.class);
    assertThat(failure(queries().call("q", "none", ViewArguments.none(), any)))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("count");
    assertThat(failure(queries().call("q", "rows", ViewArguments.none(), any)))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(failure(queries().rows("q", "count", ViewArguments.none(), any)))
        .isInstanceOf(InvalidRequestException.class);
    ViewArguments wrong = ViewArguments.ofTexts(Map.of("frm", "b"));
    assertThat(failure(queries().rows("q", "rows", wrong, any)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("frm")
        .hasMessageContaining("from");
    assertThat(failure(queries().call("q", "boom", ViewArguments.none(), Consistency.latest())))
        .isInstanceOf(IllegalStateException.class);
    Consistency never = new Consistency(Consistency.Level.AT_LEAST, 99, Duration.ofMillis(10));
    assertThat(failure(queries().rows("q", "rows", ViewArguments.none(), never)))
        .isInstanceOf(UnavailableException.class);
    Consistency forEver =
        new Consistency(Consistency.Level.LATEST, 0, Duration.ofSeconds(Long.MAX_VALUE));
    JsonNode count = await(queries().call("q", "count", ViewArguments.none(), forEver));
    assertThat(count).hasToString("1");
  }

  @Test
  void whoWaitsForALaterSequenceIsAnsweredWhenItComes() {
    define("q", "n");
    long last = database.since().value();
    CompletableFuture<RowCursor> waiting =
        queries()
            .rows("q", "rows", ViewArguments.none(), Consistency.atLeast(last + 2))
            .toCompletableFuture();
    put("a", 1);
    assertThat(waiting).isNotDone();
    done(database, Use.put("other", "x", "{}"));
    try (RowCursor cursor = await(waiting)) {
      assertThat(cursor.advance()).isTrue();
      assertThat(cursor.sequence()).isEqualTo(last + 2);
    }
  }

  @Test
  void errorsAreKeptByDocument() {
    done(database, Use.put(B, "a", "{\"n\":\"bad\"}"), Use.put(B, "b", "{\"n\":1}"));
    define("q", "n");
    assertThat(rows("q")).containsOnlyKeys("b");
    assertThat(Use.all(queries().errors("q"))).extracting(DocumentError::id).containsExactly("a");
    assertThat(info("q").errors()).isEqualTo(1);
    put("a", 2);
    assertThat(rows("q")).containsOnlyKeys("a", "b");
    assertThat(Use.all(queries().errors("q"))).isEmpty();
  }

  @Test
  void aViewOfChangesSeesEachOfThem() {
    put("a", 1);
    put("a", 2);
    await(queries().define("q", definition("n").put("input", "changes"), NOBODY));
    done(database, delete(B, "a"));
    assertThat(rows("q").values()).containsExactly("1", "2", "null");
    assertThat(probe.given).extracting(Given::sequence).containsExactly(2L, 3L, 5L);
    assertThat(probe.given).as("documents that recur").noneMatch(Given::fresh);
  }

  @Test
  void aDroppedBucketTakesItsQueriesAlong() {
    put("a", 1);
    define("q", "n");
    rows("q");
    await(database.dropBucket(B, NOBODY));
    assertThat(queries().list()).isEmpty();
    assertThat(failure(queries().rows("q", "rows", ViewArguments.none(), Consistency.any())))
        .isInstanceOf(NotFoundException.class);
    Use.await("the view to be closed", () -> probe.closed.get() == 1);
    put("b", 2);
    assertThat(queries().list()).isEmpty();
    assertThat(define("q", "n")).isEqualTo(Defined.CREATED);
    assertThat(rows("q")).containsOnlyKeys("b");
    reopen();
    assertThat(rows("q")).containsOnlyKeys("b");
  }

  @Test
  void manyWritersAndReadersAgree() throws InterruptedException {
    define("q", "n");
    List<Throwable> troubles = new java.util.concurrent.CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 6; t++) {
      String id = "d" + t;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 150; i++) {
                  await(
                      database.commit(
                          CommitRequest.write(
                              List.of(Use.put(B, id, "{\"n\":" + i + "}")), NOBODY)));
                  assertThat(rows("q")).containsEntry(id, "" + i);
                }
              });
      thread.setUncaughtExceptionHandler((dead, trouble) -> troubles.add(trouble));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(troubles).isEmpty();
    assertThat(rows("q")).hasSize(6);
  }

  @Test
  void closingAnswersEveryoneWhoWaits() {
    put("a", 1);
    probe.gate = new Semaphore(0);
    define("q", "n");
    List<CompletionStage<RowCursor>> waiting = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Consistency consistency = i % 2 == 0 ? Consistency.latest() : Consistency.atLeast(1_000);
      waiting.add(queries().rows("q", "rows", ViewArguments.none(), consistency));
    }
    Thread closer = new Thread(database::close);
    closer.start();
    letGo();
    for (CompletionStage<RowCursor> each : waiting) {
      try {
        await(each).close();
      } catch (java.util.concurrent.CompletionException e) {
        assertThat(e.getCause()).isInstanceOf(UnavailableException.class);
      }
    }
    try {
      closer.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
