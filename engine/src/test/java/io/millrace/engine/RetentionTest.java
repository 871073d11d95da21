package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.api.ActivityFilter;
import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.Retention;
import io.millrace.api.document.Blame;
import io.millrace.api.document.Change;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.Difference;
import io.millrace.api.document.Document;
import io.millrace.api.document.Moment;
import io.millrace.api.document.Revision;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.maintenance.Conversion;
import io.millrace.engine.maintenance.Restore;
import io.millrace.tck.NothingLeftBehind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A bucket that keeps a part of its past keeps just that, and says what is missing. */
@ExtendWith(NothingLeftBehind.class)
class RetentionTest {
  private static final String B = "b";

  @TempDir Path temporary;

  /** A clock that the test moves. */
  private static final class Moved extends Clock {
    private volatile Instant now = Instant.parse("2024-01-01T00:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private Path data() {
    return temporary.resolve("data");
  }

  private MillraceBuilder options() {
    return Folders.segmented(data()).compactionRate(1L << 30).compactionInterval(null);
  }

  private Database open() {
    return options().open();
  }

  private static void retain(Database database, Retention retention) {
    assertThat(Use.await(database.bucket(B).retain(retention, NOBODY)))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  private static Retention keep(int revisions) {
    return new Retention(revisions, null);
  }

  private static void compact(Database database) {
    database.compact();
    awaitCompaction(database);
  }

  private static void awaitCompaction(Database database) {
    Use.await(
        "compaction",
        () -> database.tasks().stream().noneMatch(task -> task.kind().equals("compaction")));
  }

  private static String text(Document document) {
    return new String(document.body().json(), StandardCharsets.UTF_8);
  }

  private static String at(Database database, String id, long sequence) {
    return text(database.bucket(B).findAt(id, sequence).orElseThrow());
  }

  private static void assertForgotten(ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            NotFoundException.class, e -> assertThat(e.code()).isEqualTo("forgotten"));
  }

  /** Sequence 2 i - 1 is change i of "a", 2 i makes "b" i. */
  private static void fill(Database database) {
    for (int i = 1; i <= 20; i++) {
      done(database, put(B, "a", body(i)));
      done(database, put(B, "b" + i, "{\"b\":" + i + "}"));
    }
  }

  private static String body(int i) {
    return "{\"secret\":\"r" + i + "e" + "·".repeat(100) + "\",\"same\":1}";
  }

  private String log() throws IOException {
    StringBuilder log = new StringBuilder();
    for (Path file : Folders.below(data().resolve("log"))) {
      if (Files.isRegularFile(file)) {
        log.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return log.toString();
  }

  @Test
  void theNewestRevisionsAreKept() throws IOException {
    List<Change> before;
    try (Database database = open()) {
      fill(database);
      retain(database, keep(3));
      assertThat(database.bucket(B).retention()).contains(keep(3));
      assertThat(database.bucket(B).info().orElseThrow().documents()).isEqualTo(21);
      before = Use.changes(database.bucket(B).activity());
      compact(database);
      assertThat(database.info().reclaimedBytes()).isPositive();
      assertThat(database.verify(1, database.since().value(), null).ok()).isTrue();
    }
    Folders.requireClean(data());
    for (int i = 1; i <= 20; i++) {
      assertThat(log().contains("r" + i + "e")).as("%d", i).isEqualTo(i > 17);
    }
    try (Database database = open()) {
      Bucket bucket = database.bucket(B);
      for (int i = 18; i <= 20; i++) {
        assertThat(at(database, "a", 2L * i)).isEqualTo(body(i));
      }
      for (int i = 1; i <= 20; i++) {
        assertThat(at(database, "b" + i, 40)).isEqualTo("{\"b\":" + i + "}");
      }
      assertForgotten(() -> bucket.findAt("a", 34));
      List<Change> after = Use.changes(bucket.activity());
      assertThat(after)
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("forgotten")
          .isEqualTo(before);
      assertThat(after.stream().filter(Change::forgotten).map(Change::sequence).toList())
          .isEqualTo(
              after.stream()
                  .filter(change -> change.id().equals("a") && change.sequence() < 35)
                  .map(Change::sequence)
                  .toList())
          .hasSize(17);
      assertForgotten(() -> bucket.find("a", after.get(0).revision()));
      assertThat(bucket.history().tree("a").orElseThrow().revisions()).hasSize(20);
    }
  }

  @Test
  void everyWayToReadAForgottenBodySaysSo() {
    try (Database database = open()) {
      fill(database);
      retain(database, keep(3));
      compact(database);
      Bucket bucket = database.bucket(B);
      assertForgotten(() -> Use.all(bucket.documents(DocumentRange.all().at(20))));
      assertThat(
              Use.all(
                  bucket.documents(new DocumentRange(null, null, null, null, false, 20, false))))
          .hasSize(11);
      assertThat(Use.all(bucket.documents(DocumentRange.all().at(38)))).hasSize(20);
      assertForgotten(() -> bucket.history().patch("a", Moment.of(20), Moment.present()));
      EnumSet<Difference.Kind> all = EnumSet.allOf(Difference.Kind.class);
      assertForgotten(
          () -> Use.all(bucket.history().differences(Moment.of(20), Moment.of(40), all, true)));
      assertThat(Use.all(bucket.history().differences(Moment.of(20), Moment.of(40), all, false)))
          .hasSize(11);
      List<Change> changes =
          Use.changes(bucket.activity(), SequenceRange.all(), ActivityFilter.of("a").withBodies());
      for (Change change : changes) {
        assertThat(change.body() == null).isEqualTo(change.forgotten());
      }
      List<Blame.Member> blame =
          bucket.history().blame("a", Moment.present()).orElseThrow().members();
      assertThat(blame).extracting(Blame.Member::name).containsExactly("secret", "same");
      assertThat(blame).extracting(Blame.Member::forgotten).containsExactly(false, true);
      assertThat(blame).extracting(Blame.Member::sequence).containsExactly(39L, 35L);
    }
  }

  @Test
  void rollbackToWhatIsForgottenIsRefusedBeforeAnythingIsWritten() {
    try (Database database = open()) {
      fill(database);
      retain(database, keep(3));
      compact(database);
      long last = database.since().value();
      for (Throwable refusal :
          List.of(
              Use.failure(database.rollback(B, 20, NOBODY)),
              Use.failure(database.rollback(20, NOBODY)),
              Use.failure(database.bucket(B).rollback("a", Moment.of(20), NOBODY)))) {
        assertThat(refusal)
            .isInstanceOfSatisfying(
                NotFoundException.class, e -> assertThat(e.code()).isEqualTo("forgotten"))
            .hasMessageContaining("document a ");
      }
      assertForgotten(() -> database.previewRollback(B, 20));
      assertThat(database.since().value()).isEqualTo(last);
      Use.await(database.rollback(B, 37, NOBODY));
      assertThat(text(database.bucket(B).get("a").orElseThrow())).isEqualTo(body(19));
      assertThat(database.bucket(B).retention()).isEmpty();
      Use.await(database.rollback(B, last, NOBODY));
      assertThat(database.bucket(B).retention()).contains(keep(3));
    }
  }

  @Test
  void everyStateWithinTheAgeCanBeRead() {
    Moved clock = new Moved();
    try (Database database = options().clock(clock).open()) {
      for (int day = 1; day <= 10; day++) {
        done(database, put(B, "a", "{\"day\":" + day + "}"));
        clock.now = clock.now.plus(Duration.ofDays(1));
      }
      retain(database, new Retention(null, Duration.ofDays(3).plusHours(1)));
      compact(database);
      // Day 7 was superseded three days ago, day 6 four.
      assertThat(at(database, "a", 7)).isEqualTo("{\"day\":7}");
      assertThat(at(database, "a", 10)).isEqualTo("{\"day\":10}");
      assertForgotten(() -> at(database, "a", 6));
      clock.now = clock.now.plus(Duration.ofDays(2));
      compact(database);
      assertForgotten(() -> at(database, "a", 8));
      assertThat(at(database, "a", 9)).isEqualTo("{\"day\":9}");
      clock.now = clock.now.plus(Duration.ofDays(400));
      compact(database);
      assertForgotten(() -> at(database, "a", 9));
      assertThat(at(database, "a", 10)).isEqualTo("{\"day\":10}");
    }
    Folders.requireClean(data());
  }

  @Test
  void whatOneOfBothKeepsIsKept() {
    Moved clock = new Moved();
    try (Database database = options().clock(clock).open()) {
      for (int day = 1; day <= 10; day++) {
        done(database, put(B, "old", "{\"day\":" + day + "}"));
        clock.now = clock.now.plus(Duration.ofDays(1));
      }
      clock.now = clock.now.plus(Duration.ofDays(100));
      for (int i = 1; i <= 10; i++) {
        done(database, put(B, "new", "{\"i\":" + i + "}"));
      }
      retain(database, new Retention(2, Duration.ofDays(50)));
      assertThat(database.bucket(B).retention()).contains(new Retention(2, Duration.ofDays(50)));
      compact(database);
      assertThat(at(database, "new", 11)).isEqualTo("{\"i\":1}");
      assertThat(at(database, "old", 9)).isEqualTo("{\"day\":9}");
      assertForgotten(() -> at(database, "old", 8));
    }
  }

  @Test
  void leavesAreKeptWhateverTheirAge() {
    try (Database database = open()) {
      done(database, put(B, "a", "{\"a\":1}"));
      Use.await(
          database.commit(
              Use.replicated(List.of(Use.insert(B, "a", "{\"other\":1}", new Revision(1, 1, 1))))));
      Revision loser = database.bucket(B).findWithConflicts("a").orElseThrow().conflicts().get(0);
      for (int i = 2; i <= 6; i++) {
        done(database, put(B, "a", "{\"a\":" + i + "}"));
        done(database, Use.delete(B, "a"));
      }
      retain(database, keep(1));
      compact(database);
      // The deletions made the loser the winner each time, and the next edit superseded that.
      Folders.everything(database);
      for (Change change : Use.changes(database.bucket(B).activity())) {
        if (change.id().equals("a") && !change.forgotten()) {
          database.bucket(B).find("a", change.revision()).orElseThrow();
        }
      }
      assertThat(loser.generation()).isEqualTo(1);
    }
    Folders.requireClean(data());
  }

  @Test
  void loserThatNobodySupersedesStays() {
    try (Database database = open()) {
      Revision loser = new Revision(1, 1, 1);
      Use.await(
          database.commit(Use.replicated(List.of(Use.insert(B, "a", "{\"other\":1}", loser)))));
      Revision[] line = {new Revision(2, 2, 2), new Revision(1, 9, 9)};
      Use.await(database.commit(Use.replicated(List.of(Use.insert(B, "a", "{\"line\":2}", line)))));
      for (int i = 3; i <= 9; i++) {
        done(database, put(B, "a", "{\"line\":" + i + "}"));
      }
      retain(database, keep(1));
      compact(database);
      Bucket bucket = database.bucket(B);
      assertThat(text(bucket.find("a", loser).orElseThrow())).isEqualTo("{\"other\":1}");
      assertForgotten(() -> bucket.find("a", line[0]));
    }
    Folders.requireClean(data());
  }

  @Test
  void revisionWhoseDescendantsCameFirstIsForgottenOnlyWhenTheyAreKnown() {
    try (Database database = open()) {
      Revision old = new Revision(1, 1, 1);
      Revision middle = new Revision(2, 2, 2);
      Revision young = new Revision(3, 3, 3);
      Use.await(database.commit(Use.replicated(List.of(Use.insert(B, "a", "{\"n\":1}", old)))));
      Use.await(database.commit(Use.replicated(List.of(Use.insert(B, "a", "{\"n\":3}", young)))));
      done(database, put(B, "c", "{}"));
      retain(database, keep(1));
      compact(database);
      Bucket bucket = database.bucket(B);
      assertThat(text(bucket.find("a", old).orElseThrow())).isEqualTo("{\"n\":1}");
      Use.await(
          database.commit(
              Use.replicated(
                  List.of(
                      Use.insert(
                          B, "a", "{\"n\":4}", new Revision(4, 4, 4), young, middle, old)))));
      assertThat(bucket.findWithConflicts("a").orElseThrow().conflicts()).isEmpty();
      compact(database);
      assertForgotten(() -> bucket.find("a", old));
      assertForgotten(() -> bucket.find("a", young));
    }
    Folders.requireClean(data());
  }

  @Test
  void droppedBucketKeepsWhatARollbackBringsBack() {
    try (Database database = open()) {
      fill(database);
      retain(database, keep(1));
      long last = database.since().value();
      Use.await(database.dropBucket(B, NOBODY));
      done(database, put(B, "a", "{\"another\":\"life\"}"));
      compact(database);
      assertThat(database.bucket(B).retention()).isEmpty();
      Use.await(database.rollback(last, NOBODY));
      assertThat(text(database.bucket(B).get("a").orElseThrow())).isEqualTo(body(20));
      assertThat(database.bucket(B).retention()).contains(keep(1));
      assertForgotten(() -> at(database, "a", 38));
      assertThat(database.bucket(B).info().orElseThrow().documents()).isEqualTo(21);
    }
    Folders.requireClean(data());
  }

  @Test
  void retentionIsWhereverTheBucketIs() {
    Path backup = temporary.resolve("backup");
    List<Object> seen;
    try (Database database = open()) {
      fill(database);
      retain(database, new Retention(3, Duration.ofHours(1)));
      retain(database, keep(2));
      retain(database, keep(2));
      assertThat(database.since().value()).isEqualTo(42);
      compact(database);
      seen = Folders.everything(database);
      database.backup(backup);
    }
    Path restored = temporary.resolve("restored");
    new Restore(Folders.workshop()).run(backup, restored);
    Path converted = temporary.resolve("converted");
    new Conversion(Folders.workshop()).run(data(), converted, "file", "rocksdb");
    Folders.remove(data().resolve("store"));
    for (Path folder : List.of(data(), restored, converted)) {
      try (Database database = Folders.segmented(folder).open()) {
        assertThat(database.bucket(B).retention()).contains(keep(2));
        assertThat(Folders.everything(database)).isEqualTo(seen);
        retain(database, null);
        assertThat(database.bucket(B).retention()).isEmpty();
      }
      Folders.requireClean(folder);
    }
  }

  @Test
  void compactionDoesNothingWhenNothingIsToBeForgotten() throws IOException {
    try (Database database = open()) {
      fill(database);
      retain(database, keep(3));
      compact(database);
      long reclaimed = database.info().reclaimedBytes();
      List<Object> segments = segments();
      compact(database);
      done(database, put(B, "new", "{}"));
      compact(database);
      assertThat(database.info().reclaimedBytes()).isEqualTo(reclaimed);
      assertThat(segments()).startsWith(segments.toArray());
      done(database, put(B, "a", body(21)));
      compact(database);
      assertForgotten(() -> at(database, "a", 36));
      assertThat(at(database, "a", 37)).isEqualTo(body(19));
    }
  }

  /** Which files the segments are; another one with the same name is another file. */
  private List<Object> segments() throws IOException {
    List<Object> keys = new ArrayList<>();
    for (Path file : Folders.below(data().resolve("log"))) {
      if (file.toString().endsWith(".segment")) {
        keys.add(String.valueOf(Files.getAttribute(file, "unix:ino")));
      }
    }
    return keys;
  }

  @Test
  void compactionComesByItself() {
    try (Database database = options().compactionInterval(Duration.ofSeconds(1)).open()) {
      fill(database);
      retain(database, keep(3));
      Use.await("compaction", () -> database.info().reclaimedBytes() > 0);
      awaitCompaction(database);
      assertForgotten(() -> at(database, "a", 34));
    }
  }

  @Test
  void compactionThatWasCutOffGoesOnByItself() {
    try (Database database = options().compactionRate(500).open()) {
      fill(database);
      retain(database, keep(1));
      database.compact();
      Use.await(
          "a compaction at work",
          () -> database.tasks().stream().anyMatch(task -> task.name().contains("bodies")));
    }
    try (Database database = open()) {
      awaitCompaction(database);
      for (int i = 1; i < 20; i++) {
        long sequence = 2L * i;
        assertForgotten(() -> at(database, "a", sequence));
      }
      assertThat(at(database, "a", 40)).isEqualTo(body(20));
    }
    Folders.requireClean(data());
  }

  @Test
  void listingThatWasBegunIsNotDisturbed() {
    try (Database database = open()) {
      fill(database);
      retain(database, keep(1));
      long last = database.since().value();
      Bucket bucket = database.bucket(B);
      try (Cursor<Document> now = bucket.documents(DocumentRange.all());
          Cursor<Document> then = bucket.documents(DocumentRange.all().at(last))) {
        for (int i = 1; i <= 20; i++) {
          done(database, put(B, "b" + i, "{\"later\":" + i + "}"));
        }
        compact(database);
        assertThat(rest(now)).hasSize(21).noneMatch(text -> text.contains("later"));
        assertThat(rest(then)).hasSize(21).noneMatch(text -> text.contains("later"));
      }
      compact(database);
      assertForgotten(() -> at(database, "b1", last));
    }
  }

  private static List<String> rest(Cursor<Document> cursor) {
    List<String> rest = new ArrayList<>();
    while (cursor.advance()) {
      rest.add(text(cursor.current()));
    }
    return rest;
  }

  @Test
  void bodiesWaitForViewsOfAllChanges() {
    String name = "waiting-" + System.nanoTime();
    ProbeViewProvider.Probe probe = ProbeViewProvider.probe(name);
    Semaphore gate = new Semaphore(0);
    try (Database database = open()) {
      done(database, put(B, "first", "{}"));
      Use.await(
          database
              .bucket(B)
              .queries()
              .define(
                  "all",
                  JsonNodeFactory.instance
                      .objectNode()
                      .put("type", "probe")
                      .put("input", "changes")
                      .put("field", "secret")
                      .put("probe", name),
                  NOBODY));
      long begun = database.since().value();
      Use.await(
          "the view has begun",
          () -> database.bucket(B).queries().list().get(0).sequence() == begun);
      probe.gate = gate;
      fill(database);
      retain(database, keep(1));
      compact(database);
      assertThat(at(database, "a", begun + 1)).isEqualTo(body(1));
      probe.gate = null;
      gate.release(1_000);
      Use.await(
          "all changes given",
          () -> {
            compact(database);
            return database.info().reclaimedBytes() > 0;
          });
      assertThat(probe.given.stream().map(ProbeViewProvider.Given::sequence).distinct())
          .hasSize(41);
    } finally {
      probe.gate = null;
      gate.release(1_000);
    }
  }

  @Test
  void purgeAfterwardsErasesTheRest() throws IOException {
    try (Database database = open()) {
      fill(database);
      retain(database, keep(2));
      compact(database);
      Use.await(database.bucket(B).purge(List.of("a"), NOBODY));
      awaitCompaction(database);
      assertThat(database.verify(1, database.since().value(), null).ok()).isTrue();
      assertThat(Use.changes(database.bucket(B).activity()))
          .noneMatch(change -> change.id().equals("a"));
      compact(database);
    }
    assertThat(log()).doesNotContain("secret");
    Folders.requireClean(data());
  }

  @Test
  void retentionThatMakesNoSenseIsRefused() {
    for (ThrowingCallable made :
        List.<ThrowingCallable>of(
            () -> new Retention(null, null),
            () -> keep(0),
            () -> new Retention(null, Duration.ZERO),
            () -> new Retention(1, Duration.ofDays(-1)),
            () -> new Retention(null, Duration.ofDays(400_000)))) {
      assertThatThrownBy(made)
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> assertThat(e.code()).isEqualTo("invalid-retention"));
    }
  }

  @Test
  void retentionOfABucketThatIsNotMadeIsRefused() {
    try (Database database = options().autoCreateBuckets(false).open()) {
      assertThat(Use.await(database.bucket(B).retain(keep(1), NOBODY)))
          .isInstanceOf(CommitOutcome.Refused.class);
      assertThat(database.bucket(B).retention()).isEmpty();
    }
  }
}
