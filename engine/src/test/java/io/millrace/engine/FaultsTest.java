package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.changes;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.failure;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ActivityFilter;
import io.millrace.api.Database;
import io.millrace.api.document.Change;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.KeptLogProvider.Fate;
import io.millrace.engine.KeptLogProvider.Tape;
import io.millrace.engine.KeptStoreProvider.Shelf;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeftBehind.class)
class FaultsTest {
  private static final String B = "films";

  @TempDir Path folder;
  private Tape tape;
  private Shelf shelf;
  private Database database;

  @BeforeEach
  void open() {
    tape = KeptLogProvider.tape(folder);
    shelf = KeptStoreProvider.shelf(folder);
    database = Use.kept(folder).open();
    done(database, put(B, "a", "{\"n\":0}"));
  }

  @AfterEach
  void close() {
    shelf.refusesWrites = false;
    database.close();
  }

  private CompletionStage<CommitOutcome> submit(Edit... edits) {
    return database.commit(CommitRequest.write(List.of(edits), NOBODY));
  }

  private void awaitRecovery() {
    Use.await("writes to be accepted again", () -> database.info().writeFailure() == null);
  }

  @Test
  void whatTheLogRefusesIsNotThereAndReadsGoOn() {
    tape.fate = Fate.REFUSED;
    assertThat(failure(submit(put(B, "b", "{}"), put("other", "c", "{}"))))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("no room");
    assertThat(database.info().writeFailure()).contains("no room");
    assertThat(failure(submit(put(B, "c", "{}"))))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.code()).isEqualTo("log-failed"));
    assertThat(database.bucket(B).get("a")).isPresent();
    assertThat(database.bucket(B).find("b")).isEmpty();
    assertThat(database.bucket("other").info()).isEmpty();
    tape.fate = Fate.DONE;
    awaitRecovery();
    assertThat(done(database, put("other", "b", "{}")).sequence()).isEqualTo(2);
    assertThat(tape.records).hasSize(2);
  }

  @Test
  void whoReadsWhileTheLogIsOpenedAgainReadsOn() {
    for (int i = 0; i < 9; i++) {
      done(database, put(B, "b" + i, "{}"));
    }
    List<Long> seen = new ArrayList<>();
    SequenceRange some = SequenceRange.all().gt(1).limited(8);
    try (Cursor<Change> forward = database.activity().read(some, ActivityFilter.none());
        Cursor<Change> backward =
            database.activity().read(some.reversed(true), ActivityFilter.none())) {
      assertThat(forward.advance()).isTrue();
      assertThat(backward.advance()).isTrue();
      seen.add(forward.current().sequence());
      seen.add(backward.current().sequence());
      tape.fate = Fate.REFUSED;
      assertThat(failure(submit(put(B, "c", "{}")))).isInstanceOf(UnavailableException.class);
      tape.fate = Fate.DONE;
      awaitRecovery();
      done(database, put(B, "c", "{}"));
      while (forward.advance() && backward.advance()) {
        seen.add(forward.current().sequence());
        seen.add(backward.current().sequence());
      }
      assertThat(backward.advance()).isFalse();
    }
    assertThat(seen)
        .containsExactly(2L, 10L, 3L, 9L, 4L, 8L, 5L, 7L, 6L, 6L, 7L, 5L, 8L, 4L, 9L, 3L);
  }

  @Test
  void aLogThatCannotBeOpenedAtOnceIsTriedAgain() {
    tape.fate = Fate.REFUSED;
    assertThat(failure(submit(put(B, "b", "{}")))).isInstanceOf(UnavailableException.class);
    tape.refusesOpening = true;
    int before = tape.openings.get();
    Use.await("three attempts", () -> tape.openings.get() >= before + 3);
    tape.fate = Fate.DONE;
    tape.refusesOpening = false;
    awaitRecovery();
    assertThat(done(database, put(B, "b", "{}")).sequence()).isEqualTo(2);
    assertThat(database.bucket(B).get("a")).isPresent();
  }

  @Test
  void anUnknownAppendThatWasKeptAppearsAsAWhole() {
    List<Long> woken = new ArrayList<>();
    CompletionStage<Long> beyond =
        database
            .bucket(B)
            .activity()
            .whenBeyond(1)
            .thenApply(
                at -> {
                  synchronized (woken) {
                    woken.add(at);
                  }
                  return at;
                });
    tape.fate = Fate.UNKNOWN_KEPT;
    Edit[] edits = new Edit[3_000];
    for (int i = 0; i < edits.length; i++) {
      edits[i] = put(B, "d" + i, "{}");
    }
    assertThat(failure(submit(edits))).isInstanceOf(UnknownOutcomeException.class);
    assertThat(database.since().value()).isEqualTo(1);
    tape.fate = Fate.DONE;
    assertThat(await(beyond)).isEqualTo(3_001);
    awaitRecovery();
    assertThat(database.since().value()).isEqualTo(3_001);
    assertThat(database.bucket(B).info().orElseThrow().documents()).isEqualTo(3_001);
    assertThat(done(database, put(B, "last", "{}")).sequence()).isEqualTo(3_002);
  }

  @Test
  void anUnknownAppendThatWasLostLeavesNothing() {
    tape.fate = Fate.UNKNOWN_LOST;
    assertThat(failure(submit(put("fresh", "b", "{}"))))
        .isInstanceOf(UnknownOutcomeException.class);
    tape.fate = Fate.DONE;
    awaitRecovery();
    assertThat(database.bucket("fresh").info()).isEmpty();
    assertThat(done(database, put("fresh", "b", "{}")).sequence()).isEqualTo(2);
  }

  @Test
  void changesThatTheLogCannotHoldAreRefusedAlone() {
    String endless = "{\"x\":\"" + "x".repeat(2 << 20) + "\"}";
    assertThat(failure(submit(put("c", "b", endless)))).isInstanceOf(InvalidRequestException.class);
    assertThat(database.info().writeFailure()).isNull();
    assertThat(database.bucket("c").info()).isEmpty();
    assertThat(done(database, put(B, "b", "{}")).sequence()).isEqualTo(2);
  }

  @Test
  void whatTheStoreRefusesIsTriedAgainUntilItIsThere() {
    shelf.refusesWrites = true;
    CompletionStage<CommitOutcome> waiting = submit(put(B, "b", "{}"));
    Use.await("two attempts", () -> shelf.refused.get() >= 2);
    assertThat(waiting.toCompletableFuture()).isNotDone();
    assertThat(database.bucket(B).find("b")).isEmpty();
    assertThat(database.since().value()).isEqualTo(1);
    assertThat(database.info().writeFailure()).isNotNull();
    shelf.refusesWrites = false;
    assertThat(await(waiting)).isInstanceOf(Committed.class);
    assertThat(database.bucket(B).get("b")).isPresent();
    assertThat(database.info().writeFailure()).isNull();
  }

  @Test
  void closingWhileTheStoreRefusesLeavesTheRestToTheNextOpening() {
    shelf.refusesWrites = true;
    CompletionStage<CommitOutcome> waiting = submit(put(B, "b", "{}"));
    Use.await("an attempt", () -> shelf.refused.get() >= 1);
    database.close();
    assertThat(failure(waiting)).isInstanceOf(UnknownOutcomeException.class);
    shelf.refusesWrites = false;
    database = Use.kept(folder).open();
    assertThat(database.bucket(B).get("b")).isPresent();
    assertThat(database.since().value()).isEqualTo(2);
  }

  @Test
  void aFullQueueRefusesAtOnce() {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    tape.gate = gate;
    List<CompletionStage<CommitOutcome>> stages = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      stages.add(submit(put(B, "q" + i, "{}")));
    }
    tape.gate = null;
    gate.complete(null);
    long written = 0;
    for (CompletionStage<CommitOutcome> stage : stages) {
      try {
        written += ((Committed) await(stage)).written().size();
      } catch (CompletionException e) {
        assertThat(((UnavailableException) e.getCause()).code()).isEqualTo("writer-full");
      }
    }
    assertThat(written).isBetween(16_384L, 29_999L);
    assertThat(database.bucket(B).info().orElseThrow().documents()).isEqualTo(written + 1);
  }

  @Test
  void acknowledgedWritesSurviveFaultsOfEveryKind() {
    Seed seed = Seed.next();
    Random random = seed.random();
    List<Long> acknowledged = new ArrayList<>();
    int round = 0;
    int faults = 0;
    while (faults < 4) {
      List<CompletionStage<CommitOutcome>> stages = new ArrayList<>();
      if (random.nextInt(3) == 0) {
        tape.fate = Fate.values()[1 + random.nextInt(3)];
        faults++;
      }
      for (int i = 0; i < 50; i++) {
        int n = round * 100 + i;
        stages.add(submit(put(B, "x" + n, "{\"n\":" + n + "}"), put("b" + n % 7, "y" + n, "{}")));
      }
      for (CompletionStage<CommitOutcome> stage : stages) {
        try {
          acknowledged.add(((Committed) await(stage)).sequence());
        } catch (CompletionException e) {
          assertThat(e.getCause())
              .as("%s", seed)
              .isInstanceOfAny(UnavailableException.class, UnknownOutcomeException.class);
        }
      }
      tape.fate = Fate.DONE;
      awaitRecovery();
      round++;
    }
    List<Change> all = changes(database.activity());
    assertThat(all).hasSize(tape.records.size());
    assertThat(all).extracting(Change::sequence).containsAll(acknowledged);
    for (Change change : all) {
      assertThat(database.bucket(change.bucket()).get(change.id())).as("%s", seed).isPresent();
      assertThat(change.commit().last()).isLessThanOrEqualTo(all.size());
    }
    assertThat(acknowledged).doesNotHaveDuplicates();
  }
}
