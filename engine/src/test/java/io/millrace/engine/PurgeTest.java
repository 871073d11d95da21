package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.ActivityFilter;
import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Change;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Reason;
import io.millrace.api.document.CommitOutcome.Refusal;
import io.millrace.api.document.CommitOutcome.Refused;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.tck.NothingLeftBehind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What was purged was never there. */
@ExtendWith(NothingLeftBehind.class)
class PurgeTest {
  private static final String B = "people";

  @TempDir Path folder;

  private Database open() {
    return Millrace.in(folder.resolve("data"))
        .log("file", Map.of("segment-size", "4KiB"))
        .compactionRate(1L << 30)
        .open();
  }

  private static List<Change> activity(Database database) {
    return Use.changes(database.bucket(B).activity());
  }

  private static void fill(Database database) {
    for (int i = 0; i < 50; i++) {
      done(database, put(B, "ann", "{\"secret\":\"mushroom " + i + "\"}"));
      done(database, put(B, "bob", "{\"plain\":\"bread " + i + "\"}"));
    }
  }

  private static long purge(Database database, String... ids) {
    return ((Committed)
            Use.await(
                database.bucket(B).purge(List.of(ids), new Attribution("dpo", "as she asked"))))
        .sequence();
  }

  @Test
  void nothingOfAPurgedDocumentIsFoundAnyMore() {
    try (Database database = open()) {
      fill(database);
      long before = database.since().value();
      long at = purge(database, "ann");
      assertThat(at).isEqualTo(before + 1);
      Bucket bucket = database.bucket(B);
      assertThat(bucket.find("ann")).isEmpty();
      assertThat(bucket.findAt("ann", 1)).isEmpty();
      assertThat(bucket.findAt("ann", at)).isEmpty();
      assertThat(bucket.findAt("bob", 2)).isPresent();
      assertThat(bucket.info().orElseThrow().documents()).isEqualTo(1);
      assertThat(bucket.info().orElseThrow().deleted()).isZero();
      assertThat(bucket.info().orElseThrow().sequence()).isEqualTo(at);
      List<Change> changes = activity(database);
      assertThat(changes.subList(0, 50)).allMatch(change -> change.id().equals("bob"));
      for (Change last : changes.subList(50, changes.size())) {
        assertThat(last.id()).isEqualTo("ann");
        assertThat(last.deleted()).isTrue();
        assertThat(last.parent()).isNull();
        assertThat(last.commit().kind()).isEqualTo(CommitKind.PURGE);
        assertThat(last.commit().attribution()).isEqualTo(new Attribution("dpo", "as she asked"));
      }
      done(database, put(B, "ann", "{\"new\":1}"));
      assertThat(bucket.get("ann").orElseThrow().revision().generation()).isEqualTo(1);
      assertThat(bucket.info().orElseThrow().documents()).isEqualTo(2);
    }
  }

  @Test
  void unknownIdsAreListedAndNothingIsDone() {
    try (Database database = open()) {
      fill(database);
      long before = database.since().value();
      Refused refused =
          (Refused) Use.await(database.bucket(B).purge(List.of("ann", "x", "bob", "y"), NOBODY));
      assertThat(refused.refusals()).extracting(Refusal::id).containsExactly("x", "y");
      assertThat(refused.refusals())
          .extracting(Refusal::reason)
          .containsOnly(Reason.DOCUMENT_MISSING);
      assertThat(database.since().value()).isEqualTo(before);
      assertThat(database.bucket(B).get("ann")).isPresent();
    }
  }

  @Test
  void purgeIsACommitOfItsOwn() {
    try (Database database = open()) {
      fill(database);
      List<Edit> mixed = List.of(new Edit.Purge(B, "ann"), put(B, "bob", "{}"));
      for (CommitKind kind : List.of(CommitKind.PURGE, CommitKind.WRITE)) {
        assertThatThrownBy(() -> Use.await(database.commit(new CommitRequest(mixed, NOBODY, kind))))
            .hasRootCauseInstanceOf(InvalidRequestException.class);
      }
    }
  }

  @Test
  void noFileHoldsWhatWasPurgedAndCompacted() throws IOException {
    try (Database database = open()) {
      fill(database);
      assertThat(filesWith("mushroom")).isNotEmpty();
      purge(database, "ann");
      Use.await(
          "compaction",
          () -> database.info().reclaimedBytes() > 0 && activity(database).size() == 50);
      Use.await("no task", () -> database.tasks().isEmpty());
      database.createBucket("another", NOBODY).toCompletableFuture().join();
      assertThat(database.verify(1, database.since().value(), null).ok()).isTrue();
    }
    assertThat(filesWith("mushroom")).isEmpty();
    try (Database database = open()) {
      assertThat(activity(database)).hasSize(50);
      assertThat(database.bucket(B).find("ann")).isEmpty();
      assertThat(database.bucket(B).findAt("bob", 2)).isPresent();
    }
    // Stores keep rows that were deleted until they rewrite their own files.
    assertThat(filesWith("ann"))
        .allMatch(file -> file.startsWith(folder.resolve("data").resolve("store")));
  }

  private List<Path> filesWith(String text) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(
              file -> {
                try {
                  return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                      .contains(text);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              })
          .toList();
    }
  }

  @Test
  void listingThatBeganBeforeSkipsWhatWasForgottenMeanwhile() {
    try (Database database = open()) {
      fill(database);
      long at = database.since().value();
      Bucket bucket = database.bucket(B);
      try (Cursor<Document> now = bucket.documents(DocumentRange.all());
          Cursor<Document> then = bucket.documents(DocumentRange.all().at(at));
          Cursor<Change> changes =
              bucket.activity().read(SequenceRange.all(), ActivityFilter.none())) {
        purge(database, "ann");
        Use.await("compaction", () -> database.tasks().isEmpty());
        assertThat(rest(now)).extracting(Document::id).containsExactly("bob");
        assertThat(rest(then)).extracting(Document::id).containsExactly("bob");
        assertThat(rest(changes)).extracting(Change::id).containsOnly("bob");
      }
    }
  }

  @Test
  void listingUnderWayForgetsWhatItReadAheadOfThePurge() {
    try (Database database = open()) {
      done(database, put(B, "aaa", "{}"));
      fill(database);
      long at = database.since().value();
      Bucket bucket = database.bucket(B);
      try (Cursor<Document> now = bucket.documents(DocumentRange.all());
          Cursor<Document> then = bucket.documents(DocumentRange.all().at(at))) {
        assertThat(now.advance()).isTrue();
        assertThat(then.advance()).isTrue();
        purge(database, "ann");
        Use.await("compaction", () -> database.tasks().isEmpty());
        assertThat(rest(now)).extracting(Document::id).containsExactly("bob");
        assertThat(rest(then)).extracting(Document::id).containsExactly("bob");
      }
    }
  }

  private static <T> List<T> rest(Cursor<T> cursor) {
    List<T> rest = new ArrayList<>();
    while (cursor.advance()) {
      rest.add(cursor.current());
    }
    return rest;
  }

  @Test
  void purgeIsUndoneByNothingThatOpensTheDatabaseAgain() {
    try (Database database = open()) {
      fill(database);
      purge(database, "ann");
      // Closed amid the compaction, or before it.
    }
    try (Database database = open()) {
      Use.await("compaction", () -> database.tasks().isEmpty());
      assertThat(database.bucket(B).find("ann")).isEmpty();
      assertThat(activity(database)).hasSize(50);
    }
    Folders.requireClean(folder.resolve("data"));
  }

  @Test
  void purgedDocumentDoesNotComeBackByARollback() {
    try (Database database = open()) {
      fill(database);
      long before = database.since().value();
      purge(database, "ann");
      done(database, put(B, "bob", "{\"plain\":\"late\"}"));
      Use.await(database.rollback(B, before, NOBODY));
      assertThat(database.bucket(B).find("ann")).isEmpty();
      assertThat(database.bucket(B).get("bob").orElseThrow().body().toString())
          .contains("bread 49");
      done(database, put(B, "ann", "{\"new\":1}"));
      Use.await(database.rollback(B, before, NOBODY));
      assertThat(database.bucket(B).get("ann")).isEmpty();
    }
  }
}
