package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.delete;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Database;
import io.millrace.api.LiveRows;
import io.millrace.api.Queries;
import io.millrace.api.document.Edit;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.Following;
import io.millrace.api.view.LiveRow;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import io.millrace.engine.ProbeViewProvider.Probe;
import io.millrace.tck.NothingLeftBehind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeftBehind.class)
@Timeout(120)
class LiveRowsTest {
  private static final String B = "films";
  private static final int WRITERS = 3;

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
    define("q", "n");
  }

  @AfterEach
  void close() {
    database.close();
    assertThat(probe.closed.get()).isEqualTo(probe.opened.get());
  }

  private Queries queries() {
    return database.bucket(B).queries();
  }

  private void define(String query, String field) {
    ObjectNode definition = JsonNodeFactory.instance.objectNode();
    definition.put("type", "probe").put("field", field).put("probe", name);
    await(queries().define(query, definition, NOBODY));
  }

  private long put(String id, int n) {
    return done(database, Use.put(B, id, "{\"n\":" + n + ",\"m\":" + -n + "}")).sequence();
  }

  private LiveRows follow(Following following) {
    return await(
        queries().follow("q", "rows", ViewArguments.none(), following, Consistency.latest()));
  }

  /** What there is now, as texts such as {@code a=1}, {@code a=1@3}, {@code -a@3}, {@code |3}. */
  private static List<String> now(LiveRows rows) {
    List<String> texts = new ArrayList<>();
    while (rows.advance()) {
      texts.add(text(rows.current()));
    }
    return texts;
  }

  private static String text(LiveRow told) {
    if (told instanceof LiveRow.Existing existing) {
      return text(existing.row());
    }
    if (told instanceof LiveRow.Changed changed) {
      return text(changed.row()) + "@" + changed.sequence();
    }
    if (told instanceof LiveRow.Removed removed) {
      return "-" + removed.documentId() + "@" + removed.sequence();
    }
    return "|" + ((LiveRow.CaughtUp) told).sequence();
  }

  private static String text(Row row) {
    return row.documentId() + "=" + new String(row.value(), StandardCharsets.UTF_8);
  }

  /** What comes next, after waiting for it. */
  private static List<String> next(LiveRows rows) {
    List<String> texts = now(rows);
    while (texts.isEmpty()) {
      await(rows.whenMore());
      texts = now(rows);
    }
    return texts;
  }

  private static boolean failed(CompletionStage<Long> more) {
    return await(more.handle((sequence, failure) -> failure != null));
  }

  private static String endOf(LiveRows rows) {
    CompletionStage<Long> more = rows.whenMore();
    while (!failed(more)) {
      // The view had reached the sequence of what ends the rows before it was retired.
      try {
        assertThat(rows.advance()).isFalse();
      } catch (UnavailableException e) {
        assertThat(e.code()).isEqualTo("rows-ended");
      }
      more = rows.whenMore();
    }
    Throwable failure = failure(more);
    assertThat(failure)
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.code()).isEqualTo("rows-ended"));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(rows::advance)
          .isInstanceOf(UnavailableException.class)
          .hasMessage(failure.getMessage());
    }
    return failure.getMessage();
  }

  @Test
  void rowsThatAreThereComeFirstAndThenThoseOfEachChange() {
    put("a", 1);
    long b = put("b", 2);
    try (LiveRows rows = follow(Following.existing())) {
      assertThat(now(rows)).containsExactly("a=1", "b=2", "|" + b);
      CompletionStage<Long> more = rows.whenMore();
      done(database, Use.put("other", "x", "{}"));
      assertThat(more.toCompletableFuture()).isNotDone();
      long c = put("c", 3);
      await(more);
      assertThat(next(rows)).containsExactly("c=3@" + c);
      done(database, delete(B, "a"));
      long again = put("b", 4);
      List<String> told = new ArrayList<>();
      while (told.isEmpty()) {
        told.addAll(next(rows));
      }
      assertThat(told).containsExactly("b=4@" + again);
    }
  }

  @Test
  void theNextChangesAloneAreToldOnDemand() {
    put("a", 1);
    try (LiveRows rows = follow(Following.now())) {
      assertThat(now(rows)).hasSize(1).allMatch(text -> text.startsWith("|"));
      long seq = put("b", 2);
      assertThat(next(rows)).containsExactly("b=2@" + seq);
    }
  }

  @Test
  void aFollowingGoesOnWhereAnotherWasLeft() {
    long a = put("a", 1);
    long b = put("b", 2);
    long again = put("b", 3);
    try (LiveRows rows = follow(Following.since(a))) {
      assertThat(now(rows)).containsExactly("|" + a, "b=3@" + again);
    }
    try (LiveRows rows = follow(Following.since(b + 3))) {
      assertThat(now(rows)).containsExactly("|" + (b + 3));
      put("c", 1);
      put("d", 1);
      long e = put("e", 1);
      assertThat(next(rows)).containsExactly("e=1@" + e);
    }
  }

  @Test
  void aDocumentWithoutRowsIsToldAboutOnDemand() {
    put("a", 1);
    put("b", 2);
    try (LiveRows rows = follow(Following.now().withRemovals());
        LiveRows ranged =
            await(
                queries()
                    .follow(
                        "q",
                        "rows",
                        ViewArguments.none().with("from", "\"b\""),
                        Following.existing().withRemovals(),
                        Consistency.latest()))) {
      now(rows);
      now(ranged);
      long gone = done(database, delete(B, "a")).sequence();
      assertThat(next(rows)).containsExactly("-a@" + gone);
      long bad = done(database, Use.put(B, "b", "{\"n\":\"bad\"}")).sequence();
      assertThat(next(rows)).containsExactly("-b@" + bad);
    }
  }

  @Test
  void manyChangesOfADocumentBetweenTwoLooksAreToldOnce() {
    try (LiveRows rows = follow(Following.now())) {
      now(rows);
      long last = 0;
      for (int i = 1; i <= 3_000; i++) {
        last = put("hot", i);
      }
      long cold = put("cold", 1);
      Use.await("the view", () -> queries().info("q").orElseThrow().sequence() >= cold);
      assertThat(now(rows)).hasSize(2).startsWith("hot=3000@" + last);
    }
  }

  @Test
  void aDocumentWhoseNewestChangeIsAlwaysAheadOfTheViewIsToldAbout() {
    try (LiveRows rows = follow(Following.now())) {
      now(rows);
      Semaphore gate = new Semaphore(0);
      probe.gate = gate;
      long sequence = put("hot", 0);
      for (int n = 1; n <= 5; n++) {
        Use.await("the view at work", () -> probe.waiting.get() == 1);
        long next = put("hot", n);
        gate.release();
        assertThat(next(rows)).containsExactly("hot=" + (n - 1) + "@" + sequence);
        sequence = next;
      }
      probe.gate = null;
      gate.release();
      assertThat(next(rows)).containsExactly("hot=5@" + sequence);
    }
  }

  @Test
  void nothingIsMissedWhileOthersWrite() throws InterruptedException {
    List<Edit> first = new ArrayList<>();
    for (int d = 0; d < 5_000; d++) {
      first.add(Use.put(B, "d" + d, "{\"n\":0}"));
    }
    done(database, first.toArray(new Edit[0]));
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    List<Thread> writers =
        IntStream.range(0, WRITERS).mapToObj(w -> writer(w, over, written)).toList();
    writers.forEach(Thread::start);
    Map<String, String> mirror = new TreeMap<>();
    AtomicInteger hot = new AtomicInteger();
    try (LiveRows rows = follow(Following.existing().withRemovals())) {
      long seen = 0;
      // Also the document that changes all the time is met while it does.
      while (hot.get() < 20 || written.get() < 3_000) {
        seen = mirror(rows, mirror, hot, seen);
        await(rows.whenMore());
      }
      over.set(true);
      for (Thread writer : writers) {
        writer.join();
      }
      long end = put("end", 1);
      while (seen < end) {
        await(rows.whenMore());
        seen = mirror(rows, mirror, hot, seen);
      }
    }
    Map<String, String> present = new TreeMap<>();
    try (Queries.RowCursor all =
        await(queries().rows("q", "rows", ViewArguments.none(), Consistency.latest()))) {
      while (all.advance()) {
        present.put(
            all.current().documentId(), new String(all.current().value(), StandardCharsets.UTF_8));
      }
    }
    assertThat(mirror).isEqualTo(present);
  }

  private Thread writer(int number, AtomicBoolean over, AtomicInteger written) {
    return new Thread(
        () -> {
          for (int i = 1; !over.get(); i++) {
            int n = written.incrementAndGet();
            if (number == 0) {
              put("hot", n);
            } else if (i % 5 == 0) {
              done(database, delete(B, "d" + (i * 7 + number) % 5_000));
            } else {
              put("d" + (i * 31 + number) % 6_000, n);
            }
          }
        });
  }

  private static long mirror(
      LiveRows rows, Map<String, String> mirror, AtomicInteger hot, long seen) {
    long last = seen;
    while (rows.advance()) {
      LiveRow told = rows.current();
      long sequence = last;
      if (told instanceof LiveRow.Existing existing) {
        keep(mirror, existing.row());
      } else if (told instanceof LiveRow.Changed changed) {
        keep(mirror, changed.row());
        assertThat(changed.last()).isTrue();
        sequence = changed.sequence();
        hot.addAndGet(changed.row().documentId().equals("hot") ? 1 : 0);
      } else if (told instanceof LiveRow.Removed removed) {
        mirror.remove(removed.documentId());
        sequence = removed.sequence();
      }
      assertThat(sequence).isGreaterThanOrEqualTo(last);
      last = sequence;
    }
    return last;
  }

  private static void keep(Map<String, String> mirror, Row row) {
    mirror.put(row.documentId(), new String(row.value(), StandardCharsets.UTF_8));
  }

  @Test
  void aChangedDefinitionEndsTheRows() {
    put("a", 1);
    try (LiveRows rows = follow(Following.existing())) {
      long last = database.since().value();
      now(rows);
      define("q", "m");
      assertThat(endOf(rows)).contains("films/q").contains("definition was changed");
      assertThat(
              failure(
                  queries()
                      .follow(
                          "q",
                          "rows",
                          ViewArguments.none(),
                          Following.since(last),
                          Consistency.latest())))
          .isInstanceOfSatisfying(
              InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("since-too-old"));
    }
    try (LiveRows rows = follow(Following.existing())) {
      assertThat(now(rows)).startsWith("a=-1");
    }
    try (LiveRows rows = follow(Following.since(0))) {
      assertThat(now(rows)).hasSize(2);
    }
  }

  @Test
  void aRebuildARemovalAndADroppedBucketEndTheRows() {
    put("a", 1);
    try (LiveRows rows = follow(Following.existing())) {
      now(rows);
      queries().rebuild("q");
      assertThat(endOf(rows)).contains("built anew");
    }
    try (LiveRows rows = follow(Following.existing())) {
      now(rows);
      await(queries().remove("q", NOBODY));
      assertThat(endOf(rows)).contains("removed");
    }
    define("q", "n");
    try (LiveRows rows = follow(Following.existing())) {
      now(rows);
      await(database.dropBucket(B, NOBODY));
      assertThat(endOf(rows)).contains("bucket was dropped");
    }
  }

  @Test
  void aViewThatStandsStillEndsTheRows() {
    try (LiveRows rows = follow(Following.now())) {
      now(rows);
      probe.failure = new InternalException("broken", "broken");
      put("a", 1);
      assertThat(endOf(rows)).contains("stands still: broken");
    }
  }

  @Test
  void closingTheDatabaseEndsTheRows() {
    put("a", 1);
    LiveRows rows = follow(Following.existing());
    LiveRows reading = follow(Following.existing());
    now(rows);
    assertThat(reading.advance()).isTrue();
    CompletionStage<Long> more = rows.whenMore();
    // What is being read holds the view; what waits does not.
    reading.close();
    database.close();
    assertThat(failure(more)).hasMessageContaining("database is closed");
    assertThat(endOf(rows)).contains("database is closed");
    rows.close();
    database = Use.kept(folder).open();
  }

  @Test
  void whoWaitsHoldsNothingAndCanBeForgotten() {
    put("a", 1);
    LiveRows waiting = follow(Following.existing());
    now(waiting);
    CompletableFuture<Long> more = waiting.whenMore().toCompletableFuture();
    // A retired build ends although somebody still has the rows open.
    define("q", "m");
    Use.await("the view", () -> probe.closed.get() == 1);
    assertThat(more).isDone();
    assertThat(endOf(waiting)).contains("definition was changed");
    waiting.close();
    waiting.close();
    assertThat(waiting.advance()).isFalse();
    LiveRows left = follow(Following.now());
    now(left);
    CompletableFuture<Long> never = left.whenMore().toCompletableFuture();
    left.close();
    assertThat(never).isCancelled();
    assertThat(left.advance()).isFalse();
    assertThat(left.whenMore().toCompletableFuture()).isCancelled();
  }

  @Test
  void followingThatMakesNoSenseIsRefused() {
    ObjectNode changes = JsonNodeFactory.instance.objectNode();
    changes.put("type", "probe").put("field", "n").put("probe", name).put("input", "changes");
    await(queries().define("c", changes, NOBODY));
    assertThat(refusal("c", "rows", ViewArguments.none()))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("not-live"));
    assertThat(refusal("q", "count", ViewArguments.none()))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(refusal("q", "rows", ViewArguments.none().with("x", "1")))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(refusal("none", "rows", ViewArguments.none())).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> Following.since(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  private Throwable refusal(String query, String method, ViewArguments arguments) {
    return failure(
        queries().follow(query, method, arguments, Following.existing(), Consistency.latest()));
  }

  private long rowsOf(String query) {
    return queries().info(query).orElseThrow().rows();
  }

  @Test
  void aFollowingMayBeginBeforeTheFirstBuildIsComplete() {
    List<Edit> edits = new ArrayList<>();
    for (int d = 0; d < 5_000; d++) {
      edits.add(Use.put(B, "d" + d, "{\"n\":0,\"m\":0}"));
    }
    long last = done(database, edits.toArray(new Edit[0])).sequence();
    follow(Following.now()).close();
    Semaphore gate = new Semaphore(1);
    probe.gate = gate;
    define("q", "m");
    Use.await("the second portion", () -> probe.waiting.get() == 1 && rowsOf("q") == 2_000);
    Map<String, String> mirror = new TreeMap<>();
    try (LiveRows rows =
        await(
            queries()
                .follow(
                    "q", "rows", ViewArguments.none(), Following.existing(), Consistency.any()))) {
      long seen = mirror(rows, mirror, new AtomicInteger(), 0);
      probe.gate = null;
      gate.release(1_000_000);
      assertThat(mirror).hasSize(2_000);
      while (seen < last) {
        await(rows.whenMore());
        seen = mirror(rows, mirror, new AtomicInteger(), seen);
      }
    }
    assertThat(mirror).hasSize(5_000);
  }
}
