package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.failure;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.RolledBack;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreCursor;
import io.millrace.engine.KeptLogProvider.Fate;
import io.millrace.engine.KeptLogProvider.Tape;
import io.millrace.engine.KeptStoreProvider.Shelf;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Thoroughness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Logs and stores that fail under a rollback whose index is written in many parts. */
@ExtendWith(NothingLeftBehind.class)
class RollbackFaultsTest {
  private static final String B = "films";
  private static final int DOCUMENTS = 13_000;
  private static final int PARTS = 3;

  @TempDir Path folder;
  private Tape tape;
  private Shelf shelf;
  private Database database;
  private long to;
  private final CompletableFuture<Void> gate = new CompletableFuture<>();

  @BeforeEach
  void open() {
    tape = KeptLogProvider.tape(folder);
    shelf = KeptStoreProvider.shelf(folder);
    database = Use.kept(folder).open();
    to = fill("{\"n\":1}");
    fill("{\"n\":2}");
    tape.gate = gate;
  }

  @AfterEach
  void close() {
    shelf.refusesWrites = false;
    tape.fate = Fate.DONE;
    tape.gate = null;
    gate.complete(null);
    database.close();
  }

  private long fill(String json) {
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      edits.add(put(B, "d" + i, json));
    }
    return done(database, edits.toArray(new Edit[0])).sequence();
  }

  /** Begins the rollback, and waits until its index is prepared in part and the log has it. */
  private CompletionStage<RolledBack> begin() {
    int before = shelf.batches.get();
    CompletionStage<RolledBack> rolled = database.rollback(B, to, NOBODY);
    Use.await("the log to hold the rollback", () -> gate.getNumberOfDependents() > 0);
    Use.await("the index to be prepared", () -> shelf.batches.get() - before > PARTS);
    return rolled;
  }

  private void letTheLogGoOn() {
    tape.gate = null;
    gate.complete(null);
  }

  private void requireAll(String json) {
    List<Document> all = Use.all(database.bucket(B).documents(DocumentRange.all()));
    assertThat(all).hasSize(DOCUMENTS).allMatch(found -> found.body().toString().equals(json));
  }

  /** Every row of the index. */
  private Map<String, String> index() {
    Store store = shelf.present();
    Map<String, String> rows = new TreeMap<>();
    for (String name : List.of("documents", "history", "activity", "latest", "meta")) {
      try (StoreCursor cursor = store.range(store.keyspace(name), KeyRange.all())) {
        while (cursor.advance()) {
          rows.put(
              name + " " + HexFormat.of().formatHex(cursor.key()),
              HexFormat.of().formatHex(cursor.value()));
        }
      }
    }
    return rows;
  }

  /** Compares the index with the one that the log alone leads to. */
  private void requireIndexAsRebuilt() {
    database.close();
    Map<String, String> present = index();
    Store store = shelf.present();
    store.keyspaces().forEach(name -> store.drop(store.keyspace(name)));
    database = Use.kept(folder).open();
    assertThat(index()).isEqualTo(present);
  }

  /** Writes as soon as the log takes appends again. */
  private long write(String id) {
    while (true) {
      try {
        return ((Committed)
                await(
                    database.commit(CommitRequest.write(List.of(put("other", id, "{}")), NOBODY))))
            .sequence();
      } catch (CompletionException e) {
        assertThat(e.getCause()).isInstanceOf(UnavailableException.class);
      }
    }
  }

  @Test
  void theStoreKnowsNothingThatTheLogRefuses() {
    Map<String, String> before = index();
    int writes = shelf.writes.get();
    CompletionStage<RolledBack> rolled = begin();
    assertThat(shelf.writes).hasValue(writes);
    tape.fate = Fate.REFUSED;
    letTheLogGoOn();
    assertThat(failure(rolled)).isInstanceOf(UnavailableException.class);
    assertThat(index()).isEqualTo(before);
    tape.fate = Fate.DONE;
    // The sequences are given to others.
    assertThat(write("x")).isEqualTo(2 * DOCUMENTS + 1);
    requireAll("{\"n\":2}");
    await(database.rollback(B, to, NOBODY));
    requireAll("{\"n\":1}");
    requireIndexAsRebuilt();
  }

  @Test
  void whatTheLogKeptUnknowinglyIsIndexedFromTheLog() {
    CompletionStage<RolledBack> rolled = begin();
    tape.fate = Fate.UNKNOWN_KEPT;
    letTheLogGoOn();
    assertThat(failure(rolled)).isInstanceOf(UnknownOutcomeException.class);
    tape.fate = Fate.DONE;
    assertThat(write("x")).isEqualTo(3 * DOCUMENTS + 1);
    requireAll("{\"n\":1}");
    requireIndexAsRebuilt();
  }

  @Test
  void theStoreIsTriedUntilItTakesIt() {
    CompletionStage<RolledBack> rolled = begin();
    shelf.refusesWrites = true;
    letTheLogGoOn();
    Use.await("two attempts", () -> shelf.refused.get() >= 2);
    assertThat(rolled.toCompletableFuture()).isNotDone();
    requireAll("{\"n\":2}");
    shelf.refusesWrites = false;
    assertThat(await(rolled).updated()).isEqualTo(DOCUMENTS);
    requireAll("{\"n\":1}");
    requireIndexAsRebuilt();
  }

  /** It takes long until nobody is made to wait any more. */
  @Test
  void whatWasGivenUpIsIndexedFromTheLogWhenTheStoreIsBack() {
    for (int i = 0; i < Thoroughness.times(0, 1); i++) {
      CompletionStage<RolledBack> rolled = begin();
      shelf.refusesWrites = true;
      letTheLogGoOn();
      assertThat(failure(rolled)).isInstanceOf(MillraceException.class);
      shelf.refusesWrites = false;
      assertThat(write("x")).isEqualTo(3 * DOCUMENTS + 1);
      requireAll("{\"n\":1}");
      requireIndexAsRebuilt();
    }
  }
}
