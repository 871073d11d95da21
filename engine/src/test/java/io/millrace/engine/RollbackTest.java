package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.delete;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.failure;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.api.Bucket;
import io.millrace.api.BucketInfo;
import io.millrace.api.CommitFilter;
import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.RolledBack;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Change;
import io.millrace.api.document.Commit;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Moment;
import io.millrace.api.document.Revision;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.SequenceRange;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import io.millrace.engine.KeptLogProvider.Tape;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeftBehind.class)
class RollbackTest {
  private static final String B = "films";
  private static final Attribution ANN = new Attribution("ann", "oops");

  @TempDir Path folder;

  private static String body(Database database, String bucket, String id) {
    return database.bucket(bucket).get(id).map(found -> found.body().toString()).orElse("-");
  }

  private static RolledBack rolled(
      long first, long last, long created, long updated, long deleted) {
    return new RolledBack(first, last, created, updated, deleted, List.of(), List.of());
  }

  /** What clients see: the bodies of live documents, by bucket and id. */
  private static Map<String, String> state(Database database) {
    Map<String, String> state = new TreeMap<>();
    for (BucketInfo info : database.buckets()) {
      Bucket bucket = database.bucket(info.name());
      state.put(info.name(), "documents: " + info.documents() + ", bytes: " + info.bytes());
      List<Document> documents = Use.all(bucket.documents(DocumentRange.all()));
      assertThat(documents).hasSize((int) info.documents());
      documents.forEach(
          document -> state.put(info.name() + "/" + document.id(), document.body().toString()));
      bucket
          .queries()
          .list()
          .forEach(
              query ->
                  state.put(
                      info.name() + " query " + query.definition().name(),
                      query.definition().type()));
    }
    return state;
  }

  @Test
  void theBucketIsWhatItWasAndTheRestUntouched() {
    try (Database database = Millrace.open(folder)) {
      done(database, put(B, "kept", "{\"n\":1}"), put(B, "changed", "{\"n\":1}"));
      long to = done(database, put(B, "deleted", "{\"n\":1}")).sequence();
      Revision changed = Use.made(database, put(B, "changed", "{\"n\":2}"));
      done(database, delete(B, "deleted"), put("other", "x", "{}"), put(B, "made", "{}"));
      long before = database.since().value();
      assertThat(database.previewRollback(B, to)).isEqualTo(rolled(0, 0, 1, 1, 1));
      assertThat(database.since().value()).isEqualTo(before);
      RolledBack rolled = await(database.rollback(B, to, ANN));
      assertThat(rolled).isEqualTo(rolled(before + 1, before + 3, 1, 1, 1));
      assertThat(rolled.changed()).isEqualTo(3);
      assertThat(body(database, B, "kept")).isEqualTo("{\"n\":1}");
      assertThat(body(database, B, "changed")).isEqualTo("{\"n\":1}");
      assertThat(body(database, B, "deleted")).isEqualTo("{\"n\":1}");
      assertThat(body(database, B, "made")).isEqualTo("-");
      assertThat(body(database, "other", "x")).isEqualTo("{}");
      assertThat(database.bucket(B).info().orElseThrow().documents()).isEqualTo(3);
      assertThat(database.bucket(B).info().orElseThrow().deleted()).isEqualTo(1);
      Revision now = database.bucket(B).get("changed").orElseThrow().revision();
      assertThat(now.generation()).isEqualTo(changed.generation() + 1);
      List<Change> changes = Use.changes(database.activity());
      Change last = changes.get(changes.size() - 1);
      assertThat(last.commit().kind()).isEqualTo(CommitKind.ROLLBACK);
      assertThat(last.commit().attribution()).isEqualTo(ANN);
      assertThat(last.commit().first()).isEqualTo(before + 1);
      assertThat(last.commit().changes()).isEqualTo(3);
      assertThat(last.commit().target()).isEqualTo(to);
    }
  }

  /** They are looked up, or found in a walk over all. */
  @Test
  void theSameIsRestoredWhetherFewOrMostDocumentsChanged() {
    for (int documents : new int[] {1_000, 10}) {
      try (Database database = Use.memory(folder).open()) {
        long to = fill(database, documents, "{\"n\":1}");
        Map<String, String> then = state(database);
        for (int i = 0; i < 3; i++) {
          done(database, put(B, id(i), "{\"n\":22}"), put(B, "made" + i, "{}"));
        }
        done(database, put(B, id(3), "{\"n\":2}"), delete(B, id(4)), delete(B, id(5)));
        done(database, put(B, id(6), "{\"n\":2}"), delete(B, "made2"));
        done(database, put(B, id(6), "{\"n\":1}"));
        await(database.bucket(B).purge(List.of("made0", id(7)), NOBODY));
        long before = database.since().value();
        Map<String, String> now = state(database);
        assertThat(await(database.rollback(B, to, NOBODY)))
            .isEqualTo(rolled(before + 1, before + 7, 2, 4, 1));
        then.remove(B + "/" + id(7));
        then.put(B, "documents: " + (documents - 1) + ", bytes: " + 7 * (documents - 1));
        assertThat(state(database)).isEqualTo(then);
        await(database.rollback(B, before, NOBODY));
        assertThat(state(database)).isEqualTo(now);
      }
    }
  }

  @Test
  void documentIsPreviewedAndItsCommitNamesTheSequence() {
    try (Database database = Millrace.open(folder)) {
      Bucket bucket = database.bucket(B);
      Revision first = Use.made(database, put(B, "a", "{\"n\":1}"));
      done(database, put("other", "x", "{}"));
      done(database, put(B, "a", "{\"n\":2}"));
      long before = database.since().value();
      Moment revision = Moment.of(first);
      assertThat(bucket.previewRollback("a", revision)).isEqualTo(rolled(0, 0, 0, 1, 0));
      assertThat(bucket.previewRollback("a", Moment.of(2))).isEqualTo(rolled(0, 0, 0, 1, 0));
      assertThat(bucket.previewRollback("a", Moment.of(3))).isEqualTo(rolled(0, 0, 0, 0, 0));
      assertThatThrownBy(() -> bucket.previewRollback("a", Moment.of(4)))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> bucket.previewRollback("b", Moment.of(3)))
          .isInstanceOf(NotFoundException.class);
      assertThat(database.since().value()).isEqualTo(before);
      await(bucket.rollback("a", revision, ANN));
      assertThat(newest(database).target()).isEqualTo(1);
      await(bucket.rollback("a", Moment.of(3), ANN));
      assertThat(newest(database).target()).isEqualTo(3);
      done(database, delete(B, "a"));
      assertThat(newest(database).target()).isZero();
      assertThat(bucket.previewRollback("a", Moment.of(3))).isEqualTo(rolled(0, 0, 1, 0, 0));
      done(database, put(B, "later", "{}"));
      assertThat(bucket.previewRollback("later", Moment.of(3))).isEqualTo(rolled(0, 0, 0, 0, 1));
    }
  }

  private static Commit newest(Database database) {
    SequenceRange last = SequenceRange.all().reversed(true).limited(1);
    return Use.all(database.commits(last, CommitFilter.none())).get(0);
  }

  @Test
  void nothingToDoIsACommitWithoutChanges() {
    try (Database database = Use.memory(folder).open()) {
      long to = done(database, put(B, "a", "{}")).sequence();
      done(database, put(B, "a", "{\"n\":1}"));
      done(database, put(B, "a", "{}"));
      assertThat(await(database.rollback(B, to, ANN))).isEqualTo(rolled(4, 4, 0, 0, 0));
      assertThat(database.bucket(B).find("a").orElseThrow().revision().generation()).isEqualTo(3);
    }
  }

  @Test
  void whatIsNotThereIsNoTarget() {
    try (Database database = Use.memory(folder).open()) {
      done(database, put("first", "a", "{}"));
      long before = done(database, put(B, "a", "{}")).sequence();
      for (long to : new long[] {-1, 0, 3, Long.MAX_VALUE}) {
        assertThat(failure(database.rollback(to, NOBODY)))
            .isInstanceOfSatisfying(
                NotFoundException.class, e -> assertThat(e.code()).isEqualTo("unknown-target"));
      }
      assertThat(failure(database.rollback(B, 1, NOBODY)))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("did not exist at sequence 1");
      assertThat(failure(database.rollback("nowhere", 1, NOBODY)))
          .isInstanceOf(NotFoundException.class);
      assertThat(database.since().value()).isEqualTo(before);
      done(database, put(B, "a", "{\"n\":1}"));
      assertThat(await(database.rollback(B, before, NOBODY)).updated()).isEqualTo(1);
    }
  }

  @Test
  void droppedBucketsComeBackWithTheirDocumentsAndQueriesAndLaterOnesGo() {
    try (Database database = Use.memory(folder).open()) {
      done(database, put(B, "a", "{\"f1\":1}"));
      await(
          database
              .bucket(B)
              .queries()
              .define(
                  "q",
                  JsonNodeFactory.instance.objectNode().put("type", "probe").put("field", "f1"),
                  NOBODY));
      long to = done(database, put("gone", "b", "{}")).sequence();
      await(database.dropBucket(B, NOBODY));
      await(database.dropBucket("gone", NOBODY));
      done(database, put(B, "another life", "{}"), put("later", "c", "{}"));
      RolledBack rolled = await(database.rollback(to, NOBODY));
      assertThat(rolled.changed()).isZero();
      assertThat(rolled.dropped()).containsExactly(B, "later");
      assertThat(rolled.revived()).containsExactly(B, "gone");
      assertThat(state(database)).containsOnlyKeys(B, B + "/a", B + " query q", "gone", "gone/b");
      assertThat(rows(database)).hasSize(1);
      done(database, put(B, "d", "{\"f1\":2}"));
      assertThat(rows(database)).hasSize(2);
      // The changes of both lives are the bucket's, in their order.
      List<String> ids =
          Use.changes(database.bucket(B).activity()).stream().map(Change::id).toList();
      assertThat(ids).containsSubsequence("a", "another life", "d");
      long life = rolled.first() - 1;
      assertThat(database.bucket(B).findAt("another life", life)).isPresent();
      assertThat(database.bucket(B).findAt("a", life)).isEmpty();
      assertThat(database.bucket(B).findAt("a", rolled.sequence())).isPresent();
      await(database.rollback(B, life, NOBODY));
      assertThat(body(database, B, "another life")).isEqualTo("{}");
      assertThat(body(database, B, "a")).isEqualTo("-");
    }
  }

  private static List<Row> rows(Database database) {
    return Use.all(
        await(
            database
                .bucket(B)
                .queries()
                .rows("q", "rows", ViewArguments.none(), Consistency.latest())));
  }

  @Test
  void deletedAgainAreAllBranchesOfADocument() {
    try (Database database = Millrace.open(folder)) {
      long to = done(database, put(B, "other", "{}")).sequence();
      Revision root = new Revision(1, 1, 1);
      await(
          database.commit(
              Use.replicated(
                  List.of(Use.insert(B, "d", "{\"n\":1}", new Revision(2, 5, 5), root)))));
      await(
          database.commit(
              Use.replicated(
                  List.of(Use.insert(B, "d", "{\"n\":2}", new Revision(2, 6, 6), root)))));
      long both = database.since().value();
      RolledBack rolled = await(database.rollback(B, to, NOBODY));
      assertThat(rolled).isEqualTo(rolled(both + 1, both + 2, 0, 0, 1));
      Document gone = database.bucket(B).findWithConflicts("d").orElseThrow();
      assertThat(gone.deleted()).isTrue();
      assertThat(gone.conflicts()).isEmpty();
      await(database.rollback(B, both, NOBODY));
      assertThat(body(database, B, "d")).isEqualTo("{\"n\":2}");
    }
  }

  @Test
  void everyStateOfTheRandomPastComesBack() {
    Seed seed = Seed.next();
    Workload workload = new Workload(seed.random());
    NavigableMap<Long, Map<String, String>> states = new TreeMap<>();
    try (Database database = Millrace.open(folder)) {
      for (int step = 0; step < 120; step++) {
        workload.run(database, 1 + seed.random().nextInt(8));
        long now = database.since().value();
        if (now > 0) {
          states.put(now, state(database));
        }
        if (now > 0 && seed.random().nextInt(4) == 0) {
          List<Long> targets = new ArrayList<>(states.keySet());
          long to = targets.get(seed.random().nextInt(targets.size()));
          RolledBack rolled = await(database.rollback(to, NOBODY));
          assertThat(state(database)).as("%s, back to %s", seed, to).isEqualTo(states.get(to));
          states.put(rolled.sequence(), states.get(to));
        }
      }
    }
    Map<String, String> last = states.lastEntry().getValue();
    try (Database database = Millrace.open(folder)) {
      assertThat(state(database)).as("%s", seed).isEqualTo(last);
    }
  }

  /** Enough of them that the index is written in many parts. */
  @Test
  void manyChangesAreOneCommitForReaders() {
    int documents = 9_000;
    try (Database database = Millrace.open(folder)) {
      long to = fill(database, documents, "{\"n\":1}");
      fill(database, documents, "{\"n\":2}");
      Bucket bucket = database.bucket(B);
      CompletionStage<RolledBack> rolled = database.rollback(B, to, NOBODY);
      String last = String.format("d%06d", documents - 1);
      while (!rolled.toCompletableFuture().isDone()) {
        // Read in the order in which parts would show.
        String one = body(database, B, "d000000");
        String other = body(database, B, last);
        assertThat(one.equals("{\"n\":1}") && other.equals("{\"n\":2}")).isFalse();
      }
      assertThat(await(rolled).updated()).isEqualTo(documents);
      List<Document> after = Use.all(bucket.documents(DocumentRange.all()));
      assertThat(after).hasSize(documents).allMatch(d -> d.body().toString().equals("{\"n\":1}"));
      List<Change> changes = Use.changes(bucket.activity());
      assertThat(changes).hasSize(3 * documents);
      assertThat(changes.get(2 * documents).commit().changes()).isEqualTo(documents);
      assertThat(database.tasks()).noneMatch(task -> task.kind().equals("rollback"));
    }
    try (Database database = Millrace.open(folder)) {
      assertThat(body(database, B, "d000000")).isEqualTo("{\"n\":1}");
    }
  }

  private static String id(int i) {
    return String.format("d%06d", i);
  }

  private static long fill(Database database, int documents, String json) {
    long last = 0;
    for (int at = 0; at < documents; at += 1_000) {
      List<Edit> edits = new ArrayList<>();
      for (int i = at; i < Math.min(at + 1_000, documents); i++) {
        edits.add(put(B, id(i), json));
      }
      last = done(database, edits.toArray(new Edit[0])).sequence();
    }
    return last;
  }

  @Test
  void writesToTheBucketWaitOthersGoOnAndNoneIsLost() {
    Tape tape = KeptLogProvider.tape(folder);
    try (Database database = Use.kept(folder).open()) {
      long to = done(database, put(B, "a", "{\"n\":1}")).sequence();
      done(database, put(B, "a", "{\"n\":2}"));
      CompletableFuture<Void> gate = new CompletableFuture<>();
      tape.gate = gate;
      CompletionStage<RolledBack> rolled = database.rollback(B, to, NOBODY);
      Use.await("the log to hold the rollback", () -> gate.getNumberOfDependents() > 0);
      CompletionStage<CommitOutcome> later =
          database.commit(CommitRequest.write(List.of(put(B, "a", "{\"n\":3}")), NOBODY));
      assertThat(failure(database.rollback(B, to, NOBODY)))
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.code()).isEqualTo("rollback-running"));
      assertThat(body(database, B, "a")).isEqualTo("{\"n\":2}");
      tape.gate = null;
      gate.complete(null);
      assertThat(await(rolled).sequence()).isEqualTo(3);
      assertThat(((Committed) await(later)).sequence()).isEqualTo(4);
      assertThat(body(database, B, "a")).isEqualTo("{\"n\":3}");
      assertThat(database.bucket(B).findAt("a", 3).orElseThrow().body()).hasToString("{\"n\":1}");
    }
  }
}
