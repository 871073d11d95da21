package io.millrace.engine;

import static io.millrace.api.sync.SyncedChange.del;
import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.delete;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.failure;
import static io.millrace.engine.Use.insert;
import static io.millrace.engine.Use.put;
import static io.millrace.engine.Use.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Reason;
import io.millrace.api.document.CommitOutcome.Refusal;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Revision;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.sync.ChangeOutcome;
import io.millrace.api.sync.ChangeOutcome.Accepted;
import io.millrace.api.sync.ChangeOutcome.Mismatch;
import io.millrace.api.sync.ChangePage;
import io.millrace.api.sync.StartOverException;
import io.millrace.api.sync.SyncServer;
import io.millrace.api.sync.SyncedChange;
import io.millrace.tck.NothingLeftBehind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's side of the sync with clients that work offline. */
@ExtendWith(NothingLeftBehind.class)
class SyncTest {
  private static final String B = "films";

  @TempDir Path folder;

  private Database memory() {
    return Use.memory(folder.resolve("memory")).open();
  }

  private static SyncedChange putting(String id, String json) {
    return SyncedChange.put(id, Body.parse(json));
  }

  private static ChangePage pull(Database database, String cid) {
    return database.bucket(B).sync().changes(cid, 100);
  }

  private static String reached(Database database) {
    return pull(database, SyncServer.START).cid();
  }

  private static ChangeOutcome push(Database database, String cid, SyncedChange... changes) {
    return await(database.bucket(B).sync().change(cid, List.of(changes), NOBODY));
  }

  private static String accepted(ChangeOutcome outcome) {
    assertThat(outcome).isInstanceOf(Accepted.class);
    return ((Accepted) outcome).cid();
  }

  private static void assertMustStartOver(Database database, String cid) {
    assertThatThrownBy(() -> pull(database, cid)).isInstanceOf(StartOverException.class);
    assertThat(failure(database.bucket(B).sync().change(cid, List.of(), NOBODY)))
        .isInstanceOf(StartOverException.class);
  }

  /** What a client that follows the pages has at the end. */
  private static Map<String, Body> copy(Database database, int limit) {
    Map<String, Body> copy = new TreeMap<>();
    String cid = SyncServer.START;
    ChangePage page;
    do {
      page = database.bucket(B).sync().changes(cid, limit);
      assertThat(page.changes().size()).isLessThanOrEqualTo(limit);
      for (SyncedChange change : page.changes()) {
        if (change.deleted()) {
          copy.remove(change.id());
        } else {
          copy.put(change.id(), change.body());
        }
      }
      cid = page.cid();
    } while (page.more());
    return copy;
  }

  private static Map<String, Body> live(Database database) {
    Map<String, Body> live = new TreeMap<>();
    for (Document document : Use.all(database.bucket(B).documents(DocumentRange.all()))) {
      live.put(document.id(), document.body());
    }
    return live;
  }

  @Test
  void theNewestStateOfEachDocumentIsGivenInTheOrderOfTheLog() {
    try (Database database = memory()) {
      done(database, put(B, "a", "{\"n\":1}"));
      done(database, put(B, "b", "{}"));
      done(database, put("other", "x", "{}"));
      done(database, put(B, "a", "{\"n\":2}"));
      done(database, delete(B, "b"));
      ChangePage page = pull(database, SyncServer.START);
      assertThat(page.changes()).containsExactly(putting("a", "{\"n\":2}"), del("b"));
      assertThat(page.cid()).startsWith("5-");
      assertThat(page.more()).isFalse();
      assertThat(pull(database, page.cid()))
          .isEqualTo(new ChangePage(page.cid(), List.of(), false));
      done(database, put("other", "y", "{}"));
      assertThat(pull(database, page.cid()).cid()).isEqualTo(page.cid());
    }
  }

  /** The ids of the model sorted as text: 10 came before 9. */
  @Test
  void pagesFollowOneAnotherAcrossPowersOfTen() {
    try (Database database = memory()) {
      for (int i = 1; i <= 112; i++) {
        done(database, put(B, "d" + i, "{\"n\":" + i + "}"));
      }
      for (int limit : List.of(1, 3, 9, 100, 112, 1000)) {
        assertThat(copy(database, limit))
            .as("limit %s", limit)
            .isEqualTo(live(database))
            .hasSize(112);
      }
    }
  }

  @Test
  void aPageEndsBeforeItIsTooLarge() {
    try (Database database = memory()) {
      String large = "{\"t\":\"" + "x".repeat(3 << 20) + "\"}";
      for (int i = 0; i < 4; i++) {
        done(database, put(B, "d" + i, large));
      }
      ChangePage page = pull(database, SyncServer.START);
      assertThat(page.changes()).hasSize(2);
      assertThat(page.more()).isTrue();
      assertThat(copy(database, 100)).hasSize(4);
    }
  }

  @Test
  void changesAreOneCommit() {
    try (Database database = memory()) {
      done(database, put(B, "a", "{}"));
      String cid =
          accepted(
              push(database, reached(database), putting("b", "{\"n\":1}"), del("a"), del("never")));
      assertThat(live(database)).isEqualTo(Map.of("b", Body.parse("{\"n\":1}")));
      assertThat(cid).isEqualTo(reached(database)).startsWith("3-");
      assertThat(Use.changes(database.bucket(B).activity()))
          .extracting(change -> change.commit().changes())
          .containsExactly(1, 2, 2);
      assertThat(accepted(push(database, cid))).isEqualTo(cid);
      assertThat(accepted(push(database, cid, del("never")))).isEqualTo(cid);
      assertThat(database.since().value()).isEqualTo(3);
    }
  }

  @Test
  void nothingIsDoneWhenTheBucketChangedAfterTheCid() {
    try (Database database = memory()) {
      done(database, put(B, "a", "{}"));
      String cid = reached(database);
      done(database, put(B, "z", "{}"));
      assertThat(push(database, cid, putting("b", "{}"), del("a"), del("z")))
          .isEqualTo(new Mismatch());
      assertThat(push(database, cid)).isEqualTo(new Mismatch());
      assertThat(push(database, SyncServer.START, putting("b", "{}"))).isEqualTo(new Mismatch());
      assertThat(live(database)).containsOnlyKeys("a", "z");
      assertThat(database.since().value()).isEqualTo(2);
      done(database, put("other", "x", "{}"));
      accepted(push(database, reached(database), putting("b", "{}")));
    }
  }

  @Test
  void aDefinedQueryIsAChangeThatShowsNothing() {
    try (Database database = memory()) {
      done(database, put(B, "a", "{}"));
      String cid = reached(database);
      await(
          database
              .bucket(B)
              .queries()
              .define("q", Body.parse("{\"type\":\"probe\",\"field\":\"n\"}").tree(), NOBODY));
      assertThat(push(database, cid, putting("b", "{}"))).isEqualTo(new Mismatch());
      ChangePage page = pull(database, cid);
      assertThat(page.changes()).isEmpty();
      assertThat(page.cid()).startsWith("2-");
      accepted(push(database, page.cid(), putting("b", "{}")));
    }
  }

  @Test
  void theFirstChangesMakeTheBucketUnlessWritingMakesNone() {
    try (Database database = memory()) {
      assertThat(pull(database, SyncServer.START))
          .isEqualTo(new ChangePage(SyncServer.START, List.of(), false));
      assertThat(accepted(push(database, SyncServer.START, del("a")))).isEqualTo(SyncServer.START);
      String cid = accepted(push(database, SyncServer.START, putting("a", "{}")));
      assertThat(pull(database, cid).changes()).isEmpty();
    }
    try (Database database = Use.memory(folder.resolve("strict")).autoCreateBuckets(false).open()) {
      assertThat(
              failure(
                  database
                      .bucket(B)
                      .sync()
                      .change(SyncServer.START, List.of(putting("a", "{}")), NOBODY)))
          .isInstanceOf(NotFoundException.class);
      await(database.createBucket(B, NOBODY));
      accepted(push(database, reached(database), putting("a", "{}")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1",
        "-5",
        "0-",
        "1-0123456789abcde",
        "1-0123456789ABCDEF",
        "01-0123456789abcdef",
        "1.-0123456789abcdef",
        "1.0-0123456789abcdef",
        "9999999999999999999-0123456789abcdef",
        " 0"
      })
  void whatIsNoCidIsRefused(String cid) {
    try (Database database = memory()) {
      assertThatThrownBy(() -> pull(database, cid))
          .isInstanceOfSatisfying(
              InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("invalid-cid"));
      assertThat(failure(database.bucket(B).sync().change(cid, List.of(), NOBODY)))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void cidsOfAnotherDatabaseOrInventedOnesAreTold() {
    try (Database database = memory();
        Database another = Use.memory(folder.resolve("another")).open()) {
      for (Database each : List.of(database, another)) {
        done(each, put(B, "a", "{}"));
        done(each, put("second", "a", "{}"));
      }
      String cid = reached(database);
      assertMustStartOver(another, cid);
      assertMustStartOver(database, "1-0123456789abcdef");
      assertMustStartOver(database, "999-0123456789abcdef");
      assertMustStartOver(database, cid.replaceFirst("1-", "1.2-"));
      assertThatThrownBy(() -> database.bucket("second").sync().changes(cid, 1))
          .isInstanceOf(StartOverException.class);
    }
  }

  @Test
  void aDroppedBucketIsToldAndOneThatCameBackIsKnownAgain() {
    try (Database database = memory()) {
      done(database, put(B, "a", "{}"));
      String cid = reached(database);
      await(database.dropBucket(B, NOBODY));
      assertMustStartOver(database, cid);
      done(database, put(B, "b", "{}"));
      assertMustStartOver(database, cid);
      assertThat(push(database, SyncServer.START, putting("c", "{}"))).isEqualTo(new Mismatch());
      await(database.rollback(1, NOBODY));
      assertThat(pull(database, cid).changes()).isEmpty();
      accepted(push(database, pull(database, cid).cid(), putting("c", "{}")));
    }
  }

  /** A copy of the folder goes on in its own way under the same incarnation. */
  @Test
  void recordsThatWereLostAndWrittenAnewAreTold() {
    Path data = folder.resolve("data");
    try (Database database = Millrace.open(data)) {
      done(database, put(B, "a", "{}"));
      done(database, put(B, "b", "{}"));
    }
    Folders.copy(data, folder.resolve("copy"));
    String early;
    String late;
    try (Database database = Millrace.open(data)) {
      early = reached(database);
      done(database, put(B, "c", "{}"));
      done(database, put(B, "d", "{}"));
      late = reached(database);
    }
    try (Database database = Millrace.open(folder.resolve("copy"))) {
      assertThat(pull(database, early).changes()).isEmpty();
      assertMustStartOver(database, late);
      done(database, put(B, "other", "{}"));
      done(database, put(B, "d", "{}"));
      assertMustStartOver(database, late);
      assertThat(pull(database, early).changes()).hasSize(2);
    }
    try (Database database = Millrace.open(data)) {
      assertThat(pull(database, late).changes()).isEmpty();
    }
  }

  @Test
  void purgedDocumentsAreDeletedOrWhoMissedThemStartsOver() {
    Path data = folder.resolve("data");
    String before;
    String after;
    try (Database database = purging(data)) {
      for (int i = 0; i < 20; i++) {
        done(database, put(B, "d" + i, "{\"n\":" + i + "}"));
      }
      before = reached(database);
      await(database.bucket(B).purge(List.of("d3"), NOBODY));
      Use.await("compaction", () -> database.tasks().isEmpty());
      after = reached(database);
      assertPurgeIsTold(database, before, after);
      done(database, put(B, "d3", "{\"again\":1}"));
      assertThat(pull(database, after).changes()).containsExactly(putting("d3", "{\"again\":1}"));
    }
    Folders.requireClean(data);
    Folders.remove(data.resolve("store"));
    try (Database database = purging(data)) {
      assertPurgeIsTold(database, before, after);
    }
    Folders.requireClean(data);
  }

  private static Database purging(Path data) {
    return Millrace.in(data).compactionRate(1L << 30).open();
  }

  private static void assertPurgeIsTold(Database database, String before, String after) {
    assertMustStartOver(database, before);
    pull(database, after);
    // Who begins after the purge gets through, page by page, behind it.
    assertThat(copy(database, 3)).isEqualTo(live(database));
  }

  @Test
  void whoBeganBeforeAPurgeIsToldHoweverFarItIs() {
    try (Database database = purging(folder.resolve("data"))) {
      for (int i = 0; i < 20; i++) {
        done(database, put(B, "d" + i, "{}"));
      }
      ChangePage first = database.bucket(B).sync().changes(SyncServer.START, 5);
      assertThat(first.more()).isTrue();
      await(database.bucket(B).purge(List.of("d3"), NOBODY));
      Use.await("compaction", () -> database.tasks().isEmpty());
      assertMustStartOver(database, first.cid());
    }
  }

  /** As long as something is left of a purge it comes as a deletion. */
  @Test
  void aPurgeThatIsNotCompactedIsADeletion() {
    try (Database database = memory()) {
      done(database, put(B, "a", "{}"));
      done(database, put(B, "b", "{}"));
      String cid = reached(database);
      await(database.bucket(B).purge(List.of("a"), NOBODY));
      try {
        assertThat(pull(database, cid).changes()).containsExactly(del("a"));
      } catch (StartOverException e) {
        // The compaction was quicker.
        assertThat(copy(database, 1)).containsOnlyKeys("b");
      }
    }
  }

  @Test
  void whoDeletesADocumentWithBranchesIsGivenTheNextOne() {
    try (Database database = memory()) {
      Revision one = Revision.parse("1-" + "a".repeat(32));
      Revision other = Revision.parse("1-" + "b".repeat(32));
      await(database.commit(Use.replicated(List.of(insert(B, "a", "{\"n\":1}", one)))));
      await(database.commit(Use.replicated(List.of(insert(B, "a", "{\"n\":2}", other)))));
      String cid = reached(database);
      assertThat(pull(database, SyncServer.START).changes())
          .containsExactly(putting("a", "{\"n\":2}"));
      String next = accepted(push(database, cid, del("a")));
      assertThat(pull(database, next).changes()).containsExactly(putting("a", "{\"n\":1}"));
      next = accepted(push(database, pull(database, next).cid(), del("a")));
      assertThat(pull(database, next).changes()).doesNotContain(putting("a", "{\"n\":2}"));
      assertThat(live(database)).isEmpty();
    }
  }

  /** Of requests that wait for the writer together, the first one passes. */
  @Test
  void ofManyChangesAtOneCidOneIsMade() {
    try (Database database = memory()) {
      done(database, put(B, "a", "{}"));
      String cid = reached(database);
      List<CompletionStage<ChangeOutcome>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        answers.add(database.bucket(B).sync().change(cid, List.of(putting("c" + i, "{}")), NOBODY));
      }
      int made = 0;
      for (CompletionStage<ChangeOutcome> answer : answers) {
        made += await(answer) instanceof Accepted ? 1 : 0;
      }
      assertThat(made).isEqualTo(1);
      assertThat(live(database)).hasSize(2);
    }
  }

  /** Clients that count in one document, and writers that get in their way, lose no count. */
  @Test
  void changesAndWritesNeverInterleave() throws Exception {
    int threads = 4;
    int counts = 50;
    ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
    try (Database database = memory()) {
      done(database, put(B, "count", "{\"n\":0}"));
      AtomicInteger mismatches = new AtomicInteger();
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        running.add(
            pool.submit(
                () -> {
                  for (int done = 0; done < counts; ) {
                    ChangePage page = pull(database, SyncServer.START);
                    int n =
                        page.changes().stream()
                            .filter(change -> change.id().equals("count"))
                            .mapToInt(change -> change.body().tree().get("n").asInt())
                            .findFirst()
                            .orElseThrow();
                    ChangeOutcome outcome =
                        push(
                            database,
                            page.cid(),
                            putting("count", "{\"n\":" + (n + 1) + "}"),
                            putting("twin", "{\"n\":" + (n + 1) + "}"));
                    if (outcome instanceof Accepted) {
                      done++;
                    } else {
                      mismatches.incrementAndGet();
                    }
                  }
                }));
      }
      running.add(
          pool.submit(
              () -> {
                for (int i = 0; i < 100; i++) {
                  done(database, put(B, "noise", "{\"n\":" + i + "}"));
                }
              }));
      for (Future<?> one : running) {
        one.get();
      }
      Body expected = Body.parse("{\"n\":" + threads * counts + "}");
      assertThat(live(database)).containsEntry("count", expected).containsEntry("twin", expected);
      assertThat(mismatches).hasPositiveValue();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void anUnchangedBucketLetsACommitPassAndTakesNoSequence() {
    try (Database database = memory()) {
      done(database, put(B, "a", "{}"));
      done(database, put("other", "a", "{}"));
      Committed committed =
          done(
              database,
              new Edit.Unchanged(B, 1),
              new Edit.Unchanged("nowhere", 0),
              put("other", "b", "{}"));
      assertThat(committed.sequence()).isEqualTo(3);
      assertThat(committed.written()).hasSize(1);
      assertThat(
              refused(
                      database,
                      new Edit.Unchanged(B, 1),
                      new Edit.Unchanged("other", 2),
                      put("other", "c", "{}"),
                      new Edit.Unchanged("nowhere", 1))
                  .refusals())
          .extracting(Refusal::index)
          .containsExactly(1, 3);
      assertThat(refused(database, new Edit.Unchanged(B, 0)).refusals())
          .extracting(Refusal::reason)
          .containsExactly(Reason.CONFLICT);
      assertThat(database.bucket("other").get("c")).isEmpty();
    }
  }

  @Test
  void writesThatAreNotDurableYetCountAsChanges() {
    try (Database database = memory()) {
      done(database, put(B, "a", "{}"));
      List<CompletionStage<CommitOutcome>> answers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        answers.add(
            database.commit(
                CommitRequest.write(
                    List.of(new Edit.Unchanged(B, 1 + i), put(B, "b" + i, "{}")), NOBODY)));
      }
      for (CompletionStage<CommitOutcome> answer : answers) {
        assertThat(await(answer)).isInstanceOf(Committed.class);
      }
    }
  }
}
