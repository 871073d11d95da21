package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.changes;
import static io.millrace.engine.Use.commit;
import static io.millrace.engine.Use.delete;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.failure;
import static io.millrace.engine.Use.insert;
import static io.millrace.engine.Use.insertTombstone;
import static io.millrace.engine.Use.made;
import static io.millrace.engine.Use.put;
import static io.millrace.engine.Use.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.BucketInfo;
import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Reason;
import io.millrace.api.document.CommitOutcome.Refusal;
import io.millrace.api.document.CommitOutcome.Refused;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Revision;
import io.millrace.api.document.TransformationRefusedException;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.tck.NothingLeftBehind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeftBehind.class)
class WriterTest {
  private static final String B = "films";
  private static final Edit.Transformation INCREMENT =
      body -> Body.parse("{\"n\":" + (body.tree().get("n").asInt() + 1) + "}");

  @TempDir Path folder;
  private final AtomicLong millis = new AtomicLong(1_000_000);
  private Database database;

  @BeforeEach
  void open() {
    Clock clock =
        new Clock() {
          @Override
          public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return Instant.ofEpochMilli(millis.get());
          }
        };
    database = Use.memory(folder).clock(clock).maxBodyBytes(2_000).open();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private enum State {
    ABSENT,
    LIVE,
    TOMBSTONE,
    CONFLICTED
  }

  private enum Kind {
    PUT,
    DELETE,
    TRANSFORM
  }

  /** Brings a new document into {@code state}; returns a leaf that is not the winner, if any. */
  private @Nullable Revision prepare(String id, State state) {
    if (state == State.ABSENT) {
      return null;
    }
    Revision first = made(database, put(B, id, Base.absent(), "{\"n\":1}"));
    if (state == State.TOMBSTONE) {
      done(database, delete(B, id));
    } else if (state == State.CONFLICTED) {
      done(database, put(B, id, Base.of(first), "{\"n\":2}"));
      Revision loser = new Revision(2, 0, 1);
      done(database, insert(B, id, "{\"n\":7}", loser, first));
      Revision winner = database.bucket(B).find(id).orElseThrow().revision();
      assertThat(winner).isNotEqualTo(loser);
      return loser;
    }
    return first;
  }

  private static Edit edit(Kind kind, String id, Base base) {
    return switch (kind) {
      case PUT -> put(B, id, base, "{\"n\":100}");
      case DELETE -> new Edit.Delete(B, id, base);
      case TRANSFORM -> new Edit.Transform(B, id, base, INCREMENT);
    };
  }

  @Test
  void everyBaseMeetsEveryState() {
    done(database, put(B, "other", "{}"));
    for (State state : State.values()) {
      for (Kind kind : Kind.values()) {
        for (String base : List.of("absent", "any", "winner", "loser", "stale", "unknown")) {
          String id = state + "-" + kind + "-" + base;
          Revision remembered = prepare(id, state);
          Document before = database.bucket(B).find(id).orElse(null);
          Revision winner = before == null ? null : before.revision();
          boolean conflicted = state == State.CONFLICTED;
          Base asked =
              switch (base) {
                case "absent" -> Base.absent();
                case "any" -> Base.any();
                case "winner" -> winner == null ? null : Base.of(winner);
                case "loser" -> conflicted && remembered != null ? Base.of(remembered) : null;
                case "stale" ->
                    state == State.TOMBSTONE && remembered != null ? Base.of(remembered) : null;
                default -> Base.of(new Revision(9, 9, 9));
              };
          if (asked == null) {
            continue;
          }
          boolean live = state == State.LIVE || conflicted;
          boolean fits =
              switch (base) {
                case "absent" -> !live;
                case "stale", "unknown" -> false;
                default -> true;
              };
          long last = database.since().value();
          CommitOutcome outcome = commit(database, edit(kind, id, asked));
          Document after = database.bucket(B).findWithConflicts(id).orElse(null);
          if (kind != Kind.PUT && !live) {
            assertRefused(outcome, id, Reason.DOCUMENT_MISSING, winner, last);
          } else if (!fits) {
            assertRefused(outcome, id, Reason.CONFLICT, winner, last);
          } else {
            Committed done = (Committed) outcome;
            assertThat(done.sequence()).as(id).isEqualTo(last + 1);
            assertThat(done.written()).hasSize(1);
            assertThat(done.written().get(0).created()).as(id).isEqualTo(!live);
            assertThat(done.written().get(0).deleted()).as(id).isEqualTo(kind == Kind.DELETE);
            assertThat(done.written().get(0).sequence()).isEqualTo(last + 1);
            Revision parent = base.equals("loser") ? remembered : winner;
            assertThat(done.written().get(0).revision().generation())
                .as(id)
                .isEqualTo(parent == null ? 1 : parent.generation() + 1);
            assertThat(after).as(id).isNotNull();
            if (conflicted && kind == Kind.DELETE) {
              assertThat(after.deleted()).as(id).isFalse();
              assertThat(after.conflicts()).as(id).isEmpty();
            } else if (conflicted) {
              assertThat(after.conflicts()).as(id).hasSize(1);
            }
          }
        }
      }
    }
  }

  private void assertRefused(
      CommitOutcome outcome, String id, Reason reason, @Nullable Revision current, long last) {
    assertThat(outcome).as(id).isInstanceOf(Refused.class);
    Refusal refusal = ((Refused) outcome).refusals().get(0);
    assertThat(refusal.reason()).as(id).isEqualTo(reason);
    assertThat(refusal.current()).as(id).isEqualTo(current);
    assertThat(refusal.id()).isEqualTo(id);
    assertThat(database.since().value()).as(id).isEqualTo(last);
  }

  @Test
  void oneRefusalRefusesTheWholeCommitAndAllAreListed() {
    done(database, put(B, "a", "{}"));
    Refused refused =
        refused(
            database,
            put(B, "new", "{}"),
            put(B, "a", Base.absent(), "{}"),
            delete(B, "missing"),
            put("fresh", "x", "{}"),
            delete("nowhere", "x"),
            put(B, "b", Base.of(new Revision(1, 1, 1)), "{}"));
    assertThat(refused.refusals()).extracting(Refusal::index).containsExactly(1, 2, 4, 5);
    assertThat(refused.refusals())
        .extracting(Refusal::reason)
        .containsExactly(
            Reason.CONFLICT, Reason.DOCUMENT_MISSING, Reason.DOCUMENT_MISSING, Reason.CONFLICT);
    assertThat(database.since().value()).isEqualTo(1);
    assertThat(database.bucket(B).find("new")).isEmpty();
    assertThat(database.bucket("fresh").info()).isEmpty();
    assertThat(changes(database.activity())).hasSize(1);
  }

  @Test
  void sequencesBeginWithOneAndHaveNoGaps() {
    assertThat(done(database, put(B, "a", "{}")).sequence()).isEqualTo(1);
    Committed batch = done(database, put("b", "x", "{}"), put("c", "y", "{}"), put(B, "b", "{}"));
    assertThat(batch.sequence()).isEqualTo(4);
    assertThat(batch.written()).extracting("sequence").containsExactly(2L, 3L, 4L);
    assertThat(await(database.createBucket("d", NOBODY))).isPositive();
    assertThat(await(database.createBucket("d", NOBODY))).isZero();
    assertThat(done(database, put("d", "z", "{}")).sequence()).isEqualTo(6);
    assertThat(await(database.dropBucket("d", NOBODY))).isEqualTo(database.since().value());
    assertThat(await(database.dropBucket("d", NOBODY))).isZero();
    assertThat(database.since().value()).isEqualTo(7);
    List<Change> all = changes(database.activity());
    assertThat(all).extracting(Change::sequence).containsExactly(1L, 2L, 3L, 4L, 6L);
    assertThat(all.get(2).commit().first()).isEqualTo(2);
    assertThat(all.get(2).commit().last()).isEqualTo(4);
    assertThat(all.get(2).commit().changes()).isEqualTo(3);
  }

  @Test
  void commitsThatWaitTogetherSeeEachOther() {
    List<CompletionStage<CommitOutcome>> stages = new ArrayList<>();
    stages.add(database.commit(CommitRequest.write(List.of(put(B, "n", "{\"n\":0}")), NOBODY)));
    for (int i = 0; i < 500; i++) {
      Edit edit = new Edit.Transform(B, "n", Base.any(), INCREMENT);
      stages.add(database.commit(CommitRequest.write(List.of(edit), NOBODY)));
    }
    stages.add(
        database.commit(CommitRequest.write(List.of(put(B, "n", Base.absent(), "{}")), NOBODY)));
    stages.add(database.commit(CommitRequest.write(List.of(delete(B, "n")), NOBODY)));
    stages.add(database.commit(CommitRequest.write(List.of(delete(B, "n")), NOBODY)));
    CompletionStage<Long> dropped = database.dropBucket(B, NOBODY);
    CompletionStage<CommitOutcome> afterDrop =
        database.commit(CommitRequest.write(List.of(put(B, "m", "{}")), NOBODY));
    for (int i = 0; i <= 500; i++) {
      assertThat(((Committed) await(stages.get(i))).sequence()).isEqualTo(i + 1);
    }
    assertThat(await(stages.get(501))).isInstanceOf(Refused.class);
    assertThat(await(stages.get(502))).isInstanceOf(Committed.class);
    assertThat(await(stages.get(503))).isInstanceOf(Refused.class);
    assertThat(await(dropped)).isPositive();
    assertThat(((Committed) await(afterDrop)).sequence()).isEqualTo(504);
    assertThat(database.bucket(B).findAt("n", 501).orElseThrow().body()).hasToString("{\"n\":500}");
    assertThat(database.bucket(B).find("n")).isEmpty();
  }

  @Test
  void noIncrementOfManyThreadsIsLost() throws InterruptedException {
    done(database, put(B, "n", "{\"n\":0}"));
    List<Thread> threads = new ArrayList<>();
    List<Throwable> troubles = new java.util.concurrent.CopyOnWriteArrayList<>();
    for (int t = 0; t < 64; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 20; i++) {
                  done(database, new Edit.Transform(B, "n", Base.any(), INCREMENT));
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
    Document document = database.bucket(B).get("n").orElseThrow();
    assertThat(document.body()).hasToString("{\"n\":1280}");
    assertThat(document.revision().generation()).isEqualTo(1281);
  }

  @Test
  void whoWhyWhenAndWhatKindAreKept() {
    Attribution me = new Attribution("me", "why not");
    millis.set(2_000_000);
    await(database.commit(new CommitRequest(List.of(put(B, "a", "{}")), me, CommitKind.ROLLBACK)));
    Change change = changes(database.activity()).get(0);
    assertThat(change.commit().attribution()).isEqualTo(me);
    assertThat(change.commit().kind()).isEqualTo(CommitKind.ROLLBACK);
    assertThat(change.commit().time()).isEqualTo(Instant.ofEpochMilli(2_000_000));
    assertThat(database.bucket(B).info().orElseThrow().created())
        .isEqualTo(Instant.ofEpochMilli(2_000_000));
  }

  @Test
  void timeNeverGoesBackAndLeadsToSequences() {
    long[] clock = {100, 200, 150, 200, 300};
    for (int i = 0; i < clock.length; i++) {
      millis.set(clock[i]);
      done(database, put(B, "a" + i, "{}"));
    }
    assertThat(changes(database.activity()))
        .extracting(change -> change.commit().time().toEpochMilli())
        .containsExactly(100L, 200L, 200L, 200L, 300L);
    assertThat(database.sequenceAt(Instant.ofEpochMilli(99))).isZero();
    assertThat(database.sequenceAt(Instant.ofEpochMilli(100))).isEqualTo(1);
    assertThat(database.sequenceAt(Instant.ofEpochMilli(199))).isEqualTo(1);
    assertThat(database.sequenceAt(Instant.ofEpochMilli(200))).isEqualTo(4);
    assertThat(database.sequenceAt(Instant.ofEpochMilli(9_999))).isEqualTo(5);
  }

  @Test
  void bodiesBeyondTheLimitAreRefused() {
    String large = "{\"a\":\"" + "x".repeat(2_000) + "\"}";
    Refusal refusal = refused(database, put(B, "a", large)).refusals().get(0);
    assertThat(refusal.reason()).isEqualTo(Reason.NOT_PROCESSABLE);
    assertThat(refusal.detail()).contains("2008").contains("2000");
    done(database, put(B, "a", "{\"n\":1}"));
    Edit grows = new Edit.Transform(B, "a", Base.any(), body -> Body.parse(large));
    assertThat(refused(database, grows).refusals().get(0).reason())
        .isEqualTo(Reason.NOT_PROCESSABLE);
    assertThat(database.since().value()).isEqualTo(1);
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeItIsQueued() {
    List<Edit> none = List.of();
    assertThat(failure(database.commit(CommitRequest.write(none, NOBODY))))
        .isInstanceOf(InvalidRequestException.class);
    for (Edit wrong :
        List.of(
            put("Films", "a", "{}"),
            put("..", "a", "{}"),
            put("b".repeat(239), "a", "{}"),
            put(B, "", "{}"),
            put(B, "_query/x", "{}"),
            put(B, "a\u0000", "{}"),
            put(B, "a\n", "{}"),
            put(B, "\ud800", "{}"),
            put(B, "é".repeat(257), "{}"))) {
      assertThat(failure(database.commit(CommitRequest.write(List.of(wrong), NOBODY))))
          .as("%s", wrong)
          .isInstanceOf(InvalidRequestException.class);
    }
    assertThat(
            failure(
                database.commit(
                    CommitRequest.write(List.of(put(B, "a", "{}"), delete(B, "a")), NOBODY))))
        .hasMessageContaining("twice");
    for (String fine : List.of("é".repeat(256), "a/b", "..", "%2F", "😀", " ", "A_b")) {
      done(database, put(B, fine, "{}"));
      assertThat(database.bucket(B).get(fine)).isPresent();
    }
  }

  @Test
  void transformationsFailForThemselvesAlone() {
    done(database, put(B, "a", "{\"n\":1}"));
    Edit test =
        new Edit.Transform(
            B,
            "a",
            Base.any(),
            body -> {
              throw new TransformationRefusedException("no", true);
            });
    Edit senseless =
        new Edit.Transform(
            B,
            "a",
            Base.any(),
            body -> {
              throw new TransformationRefusedException("no", false);
            });
    Edit broken =
        new Edit.Transform(
            B,
            "a",
            Base.any(),
            body -> {
              throw new IllegalStateException("broken");
            });
    assertThat(refused(database, test).refusals().get(0).reason()).isEqualTo(Reason.TEST_FAILED);
    assertThat(refused(database, senseless).refusals().get(0).reason())
        .isEqualTo(Reason.NOT_PROCESSABLE);
    CompletionStage<CommitOutcome> before =
        database.commit(CommitRequest.write(List.of(put(B, "b", "{}")), NOBODY));
    CompletionStage<CommitOutcome> failing =
        database.commit(CommitRequest.write(List.of(put(B, "c", "{}"), broken), NOBODY));
    CompletionStage<CommitOutcome> after =
        database.commit(CommitRequest.write(List.of(put(B, "d", "{}")), NOBODY));
    assertThat(await(before)).isInstanceOf(Committed.class);
    assertThat(failure(failing)).isInstanceOf(InternalException.class);
    assertThat(await(after)).isInstanceOf(Committed.class);
    assertThat(database.info().writeFailure()).isNull();
    assertThat(database.bucket(B).find("c")).isEmpty();
  }

  @Test
  void writingMakesBucketsOnlyWhenThatIsWanted(@TempDir Path other) {
    try (Database strict = Use.memory(other).autoCreateBuckets(false).open()) {
      assertThat(refused(strict, put(B, "a", "{}")).refusals().get(0).reason())
          .isEqualTo(Reason.BUCKET_MISSING);
      await(strict.createBucket(B, NOBODY));
      done(strict, put(B, "a", "{}"));
    }
  }

  @Test
  void aBucketMadeAgainIsAnotherWithTheOldHistory() {
    done(database, put(B, "a", "{\"n\":1}"), put(B, "b", "{}"));
    await(database.dropBucket(B, NOBODY)); // 3
    assertThat(database.bucket(B).info()).isEmpty();
    assertThat(database.bucket(B).find("a")).isEmpty();
    assertThat(database.bucket(B).findAt("a", 3)).isEmpty();
    Revision again = made(database, put(B, "a", Base.absent(), "{\"n\":2}")); // 4
    assertThat(again.generation()).isEqualTo(1);
    assertThat(database.bucket(B).get("b")).isEmpty();
    assertThat(database.bucket(B).findAt("a", 2).orElseThrow().body()).hasToString("{\"n\":1}");
    assertThat(database.bucket(B).findAt("b", 2)).isPresent();
    assertThat(Use.all(database.bucket(B).documents(DocumentRange.all().at(2)))).hasSize(2);
    assertThat(Use.all(database.bucket(B).documents(DocumentRange.all()))).hasSize(1);
    assertThat(changes(database.bucket(B).activity()))
        .extracting(Change::sequence)
        .containsExactly(1L, 2L, 4L);
    BucketInfo info = database.bucket(B).info().orElseThrow();
    assertThat(info.documents()).isEqualTo(1);
    assertThat(info.sequence()).isEqualTo(4);
    assertThatThrownBy(() -> database.bucket(B).findAt("a", 5))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void listingsInThePastGoOnAfterAnId() {
    for (String id : List.of("a", "a!", "ab", "b", "é")) {
      done(database, put(B, id, "{\"v\":1}"));
    }
    done(database, delete(B, "b"));
    done(database, put(B, "a", "{\"v\":2}"));
    for (boolean reverse : new boolean[] {false, true}) {
      for (long at : new long[] {5, DocumentRange.NOW}) {
        List<String> all =
            new ArrayList<>(
                List.of("a", "a!", "ab", "b", "é").stream()
                    .filter(id -> at == 5 || !id.equals("b"))
                    .toList());
        if (reverse) {
          java.util.Collections.reverse(all);
        }
        for (int i = 0; i < all.size(); i++) {
          DocumentRange range = new DocumentRange(null, null, null, all.get(i), reverse, at, true);
          assertThat(Use.all(database.bucket(B).documents(range)))
              .as("after %s, reverse %s, at %s", all.get(i), reverse, at)
              .extracting(Document::id)
              .containsExactlyElementsOf(all.subList(i + 1, all.size()));
        }
      }
    }
    DocumentRange prefixed = new DocumentRange(null, null, "a", null, false, 5, false);
    assertThat(Use.all(database.bucket(B).documents(prefixed)))
        .extracting(Document::id)
        .containsExactly("a", "a!", "ab");
    DocumentRange bounded = new DocumentRange("a!", "b", null, null, false, 5, true);
    assertThat(Use.all(database.bucket(B).documents(bounded)))
        .extracting(Document::id)
        .containsExactly("a!", "ab");
  }

  @Test
  void deletingTheWinnerBringsBackAnotherLeafWithItsSize() {
    Revision first = made(database, put(B, "a", "{}"));
    Revision long1 = new Revision(2, 5, 1);
    Revision long2 = new Revision(2, -1, 1);
    List<CompletionStage<CommitOutcome>> stages = new ArrayList<>();
    for (List<Edit> edits :
        List.of(
            List.of(insert(B, "a", "{\"x\":11}", long1, first)),
            List.of(insert(B, "a", "{\"x\":2222}", long2, first)),
            List.of(put(B, "a", Base.of(long1), "{\"yyyy\":11}")),
            List.<Edit>of(new Edit.Delete(B, "a", Base.of(long2))))) {
      stages.add(database.commit(Use.replicated(edits)));
    }
    stages.forEach(stage -> assertThat(await(stage)).isInstanceOf(Committed.class));
    Document winner = database.bucket(B).findWithConflicts("a").orElseThrow();
    assertThat(winner.body()).hasToString("{\"yyyy\":11}");
    assertThat(winner.conflicts()).isEmpty();
    BucketInfo info = database.bucket(B).info().orElseThrow();
    assertThat(info.bytes()).isEqualTo(11);
    assertThat(info.documents()).isEqualTo(1);
    done(database, insertTombstone(B, "b", new Revision(4, 4, 4)));
    assertThat(database.bucket(B).info().orElseThrow().deleted()).isEqualTo(1);
  }

  @Test
  void afterClosingEverythingIsRefused() {
    CompletableFuture<CommitOutcome> last =
        database
            .commit(CommitRequest.write(List.of(put(B, "a", "{}")), NOBODY))
            .toCompletableFuture();
    database.close();
    database.close();
    assertThat(last).isCompleted();
    assertThat(failure(database.commit(CommitRequest.write(List.of(put(B, "b", "{}")), NOBODY))))
        .isInstanceOf(UnavailableException.class);
    assertThat(failure(database.createBucket("c", NOBODY)))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> database.bucket(B).find("a")).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> database.bucket("never").find("a"))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(database::buckets).isInstanceOf(UnavailableException.class);
  }
}
