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
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.error.UnknownOutcomeException;
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

/** The index of a large batch is written by another thread while the next batch is planned. */
@ExtendWith(NothingLeftBehind.class)
class LargeBatchesTest {
  private static final String B = "films";
  private static final int LARGE = 200;

  @TempDir Path folder;
  private Tape tape;
  private Shelf shelf;
  private Database database;
  private final CompletableFuture<Void> log = new CompletableFuture<>();
  private final CompletableFuture<Void> store = new CompletableFuture<>();

  @BeforeEach
  void open() {
    tape = KeptLogProvider.tape(folder);
    shelf = KeptStoreProvider.shelf(folder);
    database = Use.kept(folder).open();
    done(database, put("old", "a", "{}"));
    tape.gate = log;
  }

  @AfterEach
  void close() {
    shelf.refusesWrites = false;
    shelf.gate = null;
    tape.gate = null;
    log.complete(null);
    store.complete(null);
    database.close();
  }

  private CompletionStage<CommitOutcome> submit(List<Edit> edits) {
    return database.commit(CommitRequest.write(edits, NOBODY));
  }

  /** Submits a large batch, and waits until the log has it. */
  private CompletionStage<CommitOutcome> submitLarge() {
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < LARGE; i++) {
      edits.add(put(B, "d" + i, "{\"n\":1}"));
    }
    edits.add(put("fresh", "f", "{}"));
    CompletionStage<CommitOutcome> large = submit(edits);
    Use.await("the log to hold the large batch", () -> log.getNumberOfDependents() > 0);
    return large;
  }

  @Test
  void theNextIsPlannedMeanwhileOnWhatItLeaves() {
    CompletionStage<CommitOutcome> large = submitLarge();
    List<CompletionStage<CommitOutcome>> next = new ArrayList<>();
    next.add(submit(List.of(new Edit.Transform(B, "d7", Base.any(), this::onceTheStoreWrites))));
    next.add(submit(List.of(put("another", "x", "{}"), put("fresh", "g", "{}"))));
    next.add(submit(List.of(Use.delete(B, "d8"), put(B, "d9", Base.absent(), "{}"))));
    next.add(submit(List.of(Use.delete(B, "d8"), put(B, "new", Base.absent(), "{}"))));
    shelf.gate = store;
    tape.gate = null;
    log.complete(null);
    assertThat(((Committed) await(large)).sequence()).isEqualTo(LARGE + 2);
    assertThat(((Committed) await(next.get(0))).sequence()).isEqualTo(LARGE + 3);
    assertThat(((Committed) await(next.get(1))).sequence()).isEqualTo(LARGE + 5);
    assertThat(await(next.get(2))).isInstanceOf(CommitOutcome.Refused.class);
    assertThat(((Committed) await(next.get(3))).sequence()).isEqualTo(LARGE + 7);
    assertThat(database.bucket(B).find("d7").orElseThrow().body()).hasToString("{\"n\":2}");
    assertThat(database.bucket(B).info().orElseThrow().documents()).isEqualTo(LARGE);
    assertThat(database.bucket(B).info().orElseThrow().deleted()).isEqualTo(1);
    assertThat(database.bucket("fresh").info().orElseThrow().documents()).isEqualTo(2);
    assertThat(database.bucket("another").find("x")).isPresent();
  }

  /** Blocks the planning until the index of the batch before is being written. */
  private Body onceTheStoreWrites(Body body) {
    Use.await("the index to be written meanwhile", () -> store.getNumberOfDependents() > 0);
    shelf.gate = null;
    store.complete(null);
    return Body.parse(body.toString().replace("1", "2"));
  }

  @Test
  void itIsTriedAgainUntilTheStoreTakesIt() {
    CompletionStage<CommitOutcome> large = submitLarge();
    CompletionStage<CommitOutcome> next = submit(List.of(put(B, "d0", "{\"n\":3}")));
    shelf.refusesWrites = true;
    tape.gate = null;
    log.complete(null);
    Use.await("both to be durable", () -> tape.records.size() == LARGE + 3);
    Use.await("three attempts", () -> shelf.refused.get() >= 3);
    assertThat(large.toCompletableFuture()).isNotDone();
    assertThat(next.toCompletableFuture()).isNotDone();
    assertThat(database.bucket(B).find("d0")).isEmpty();
    shelf.refusesWrites = false;
    assertThat(((Committed) await(large)).sequence()).isEqualTo(LARGE + 2);
    assertThat(((Committed) await(next)).sequence()).isEqualTo(LARGE + 3);
    assertThat(database.bucket(B).find("d0").orElseThrow().body()).hasToString("{\"n\":3}");
  }

  @Test
  void closingWhileTheStoreRefusesLeavesItToTheNextOpening() {
    CompletionStage<CommitOutcome> large = submitLarge();
    CompletionStage<CommitOutcome> next = submit(List.of(put(B, "d0", "{\"n\":3}")));
    shelf.refusesWrites = true;
    tape.gate = null;
    log.complete(null);
    Use.await("both to be durable", () -> tape.records.size() == LARGE + 3);
    database.close();
    assertThat(failure(large)).isInstanceOf(UnknownOutcomeException.class);
    assertThat(failure(next)).isInstanceOf(UnknownOutcomeException.class);
    shelf.refusesWrites = false;
    database = Use.kept(folder).open();
    assertThat(database.bucket(B).find("d0").orElseThrow().body()).hasToString("{\"n\":3}");
    assertThat(database.bucket(B).info().orElseThrow().documents()).isEqualTo(LARGE);
  }
}
