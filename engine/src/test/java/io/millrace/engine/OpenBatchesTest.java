package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.failure;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Database;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Refused;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Revision;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.engine.KeptLogProvider.Fate;
import io.millrace.engine.KeptLogProvider.Tape;
import io.millrace.engine.KeptStoreProvider.Shelf;
import io.millrace.tck.NothingLeftBehind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two batches at once: one is durable and not indexed, the other is with the log. */
@ExtendWith(NothingLeftBehind.class)
class OpenBatchesTest {
  private static final String B = "films";

  @TempDir Path folder;
  private Tape tape;
  private Shelf shelf;
  private Database database;
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private final CompletableFuture<Void> second = new CompletableFuture<>();

  @BeforeEach
  void open() {
    tape = KeptLogProvider.tape(folder);
    shelf = KeptStoreProvider.shelf(folder);
    database = Use.kept(folder).open();
    done(database, put(B, "a", "{\"n\":0}"));
    tape.gate = first;
  }

  @AfterEach
  void close() {
    shelf.refusesWrites = false;
    tape.gate = null;
    first.complete(null);
    second.complete(null);
    database.close();
  }

  private CompletionStage<CommitOutcome> submit(Edit... edits) {
    return database.commit(CommitRequest.write(List.of(edits), NOBODY));
  }

  /** Waits until the log has {@link #first}; what is submitted from now on is another batch. */
  private void awaitFirst() {
    Use.await("the log to hold the first batch", () -> first.getNumberOfDependents() > 0);
  }

  /** Lets the log have the first batch, and waits until it holds the second. */
  private void passFirst() {
    tape.gate = second;
    first.complete(null);
    Use.await("the log to hold the second batch", () -> second.getNumberOfDependents() > 0);
  }

  private static Body increment(Body body) {
    return Body.parse(body.toString().replace("1", "2"));
  }

  @Test
  void oneIsAnsweredWhileTheLogHasTheOther() {
    CompletionStage<CommitOutcome> one = submit(put(B, "b", "{}"));
    awaitFirst();
    CompletionStage<CommitOutcome> other = submit(put(B, "c", "{}"));
    passFirst();
    assertThat(((Committed) await(one)).sequence()).isEqualTo(2);
    assertThat(other.toCompletableFuture()).isNotDone();
    assertThat(database.bucket(B).find("b")).isPresent();
    assertThat(database.bucket(B).find("c")).isEmpty();
    assertThat(database.bucket(B).info().orElseThrow().documents()).isEqualTo(2);
    assertThat(database.since().value()).isEqualTo(2);
    second.complete(null);
    assertThat(((Committed) await(other)).sequence()).isEqualTo(3);
    assertThat(database.bucket(B).info().orElseThrow().documents()).isEqualTo(3);
  }

  @Test
  void theLaterIsPlannedOnWhatTheEarlierLeaves() {
    CompletionStage<CommitOutcome> one =
        submit(put(B, "n", "{\"n\":1}"), put("fresh", "f", "{\"size\":10}"), Use.delete(B, "a"));
    awaitFirst();
    List<CompletionStage<CommitOutcome>> later = new ArrayList<>();
    later.add(submit(new Edit.Transform(B, "n", Base.any(), OpenBatchesTest::increment)));
    later.add(submit(put(B, "n", Base.absent(), "{}")));
    later.add(submit(put("fresh", "g", "{}")));
    later.add(submit(put("other", "h", "{}")));
    later.add(submit(Use.delete(B, "a")));
    shelf.refusesWrites = true;
    passFirst();
    assertThat(one.toCompletableFuture()).isNotDone();
    shelf.refusesWrites = false;
    second.complete(null);
    assertThat(((Committed) await(one)).sequence()).isEqualTo(4);
    assertThat(((Committed) await(later.get(0))).sequence()).isEqualTo(5);
    assertThat(await(later.get(1))).isInstanceOf(Refused.class);
    assertThat(((Committed) await(later.get(2))).sequence()).isEqualTo(6);
    assertThat(((Committed) await(later.get(3))).sequence()).isEqualTo(7);
    assertThat(await(later.get(4))).isInstanceOf(Refused.class);
    assertThat(database.bucket(B).find("n").orElseThrow().body()).hasToString("{\"n\":2}");
    assertThat(database.bucket("fresh").info().orElseThrow().documents()).isEqualTo(2);
    assertThat(database.bucket("fresh").info().orElseThrow().bytes()).isEqualTo(13);
    assertThat(database.bucket("other").info().orElseThrow().documents()).isEqualTo(1);
    assertThat(database.bucket(B).info().orElseThrow().deleted()).isEqualTo(1);
  }

  @Test
  void whatNeedsTheTreeWaitsUntilTheEarlierIsIndexed() {
    Revision root = new Revision(1, 1, 1);
    Revision[] left = {new Revision(2, 5, 5), root};
    Revision[] right = {new Revision(2, 6, 6), root};
    CompletionStage<CommitOutcome> one = submit(Use.insert(B, "t", "{}", left));
    awaitFirst();
    CompletionStage<CommitOutcome> other = submit(Use.insert(B, "t", "{}", right));
    CompletionStage<CommitOutcome> last =
        submit(Use.insert(B, "t", "{}", new Revision(3, 7, 7), left[0]));
    tape.gate = null;
    first.complete(null);
    assertThat(((Committed) await(one)).sequence()).isEqualTo(2);
    assertThat(((Committed) await(other)).sequence()).isEqualTo(3);
    assertThat(((Committed) await(last)).sequence()).isEqualTo(4);
    assertThat(database.bucket(B).findWithConflicts("t").orElseThrow().conflicts())
        .containsExactly(right[0]);
  }

  @Test
  void bothAreTriedUntilTheStoreTakesThemInOrder() {
    CompletionStage<CommitOutcome> one = submit(put(B, "b", "{}"));
    awaitFirst();
    CompletionStage<CommitOutcome> other = submit(put(B, "b", "{\"again\":true}"));
    shelf.refusesWrites = true;
    passFirst();
    second.complete(null);
    Use.await("both to be durable", () -> tape.records.size() == 3);
    Use.await("two attempts", () -> shelf.refused.get() >= 2);
    assertThat(one.toCompletableFuture()).isNotDone();
    assertThat(other.toCompletableFuture()).isNotDone();
    shelf.refusesWrites = false;
    assertThat(((Committed) await(one)).sequence()).isEqualTo(2);
    assertThat(((Committed) await(other)).sequence()).isEqualTo(3);
    assertThat(database.bucket(B).find("b").orElseThrow().body()).hasToString("{\"again\":true}");
  }

  @Test
  void closingWhileTheStoreRefusesLeavesBothToTheNextOpening() {
    CompletionStage<CommitOutcome> one = submit(put(B, "b", "{}"));
    awaitFirst();
    CompletionStage<CommitOutcome> other = submit(put(B, "c", "{}"));
    shelf.refusesWrites = true;
    passFirst();
    second.complete(null);
    Use.await("both to be durable", () -> tape.records.size() == 3);
    database.close();
    assertThat(failure(one)).isInstanceOf(UnknownOutcomeException.class);
    assertThat(failure(other)).isInstanceOf(UnknownOutcomeException.class);
    shelf.refusesWrites = false;
    tape.gate = null;
    database = Use.kept(folder).open();
    assertThat(database.bucket(B).get("b")).isPresent();
    assertThat(database.bucket(B).get("c")).isPresent();
    assertThat(done(database, put(B, "d", "{}")).sequence()).isEqualTo(4);
  }

  @Test
  void aLogThatRefusesTheLaterLeavesTheEarlierDone() {
    CompletionStage<CommitOutcome> one = submit(put(B, "b", "{}"));
    awaitFirst();
    CompletionStage<CommitOutcome> other = submit(put(B, "c", "{}"), put("fresh", "c", "{}"));
    passFirst();
    assertThat(((Committed) await(one)).sequence()).isEqualTo(2);
    tape.fate = Fate.REFUSED;
    tape.gate = null;
    second.complete(null);
    assertThat(failure(other)).isInstanceOf(UnavailableException.class);
    tape.fate = Fate.DONE;
    Use.await("writes to be accepted again", () -> database.info().writeFailure() == null);
    assertThat(database.bucket(B).find("c")).isEmpty();
    assertThat(database.bucket("fresh").info()).isEmpty();
    assertThat(done(database, put("fresh", "c", "{}")).sequence()).isEqualTo(3);
  }

  @Test
  void aLogThatRefusesTheEarlierIsNotAskedForTheLater() {
    CompletionStage<CommitOutcome> one = submit(put(B, "b", "{}"));
    awaitFirst();
    CompletionStage<CommitOutcome> other = submit(put(B, "c", "{}"));
    tape.fate = Fate.REFUSED;
    tape.gate = null;
    first.complete(null);
    assertThat(failure(one)).isInstanceOf(UnavailableException.class);
    assertThat(failure(other)).isInstanceOf(UnavailableException.class);
    tape.fate = Fate.DONE;
    Use.await("writes to be accepted again", () -> database.info().writeFailure() == null);
    assertThat(tape.records).hasSize(1);
    assertThat(database.bucket(B).find("b")).isEmpty();
  }
}
