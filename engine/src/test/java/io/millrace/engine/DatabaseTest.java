package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ActivityFilter;
import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Refused;
import io.millrace.api.document.Document;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  private static final Attribution NOBODY = Attribution.none();

  @TempDir Path folder;

  private static CommitOutcome put(Bucket bucket, String id, Base base, String json) {
    return bucket.put(id, base, Body.parse(json), NOBODY).toCompletableFuture().join();
  }

  @Test
  void whatIsWrittenCanBeReadAndIsThereAfterReopening() {
    Document written;
    try (Database database = Millrace.open(folder)) {
      Bucket films = database.bucket("films");
      CommitOutcome outcome = put(films, "alien", Base.absent(), "{\"year\": 1979}");
      assertThat(outcome).isInstanceOf(Committed.class);
      assertThat(((Committed) outcome).sequence()).isEqualTo(1);
      written = films.get("alien").orElseThrow();
      assertThat(written.body()).hasToString("{\"year\":1979}");
      assertThat(films.info().orElseThrow().documents()).isEqualTo(1);
    }
    try (Database database = Millrace.open(folder)) {
      assertThat(database.bucket("films").get("alien")).contains(written);
      assertThat(database.bucket("films").info().orElseThrow().documents()).isEqualTo(1);
    }
  }

  @Test
  void aStaleRevisionIsRefusedWithThePresentOne() {
    try (Database database = Millrace.open(folder)) {
      Bucket films = database.bucket("films");
      Committed first = (Committed) put(films, "alien", Base.absent(), "{\"n\":1}");
      Committed second =
          (Committed) put(films, "alien", Base.of(first.written().get(0).revision()), "{\"n\":2}");
      Refused refused =
          (Refused) put(films, "alien", Base.of(first.written().get(0).revision()), "{\"n\":3}");
      assertThat(refused.refusals()).hasSize(1);
      assertThat(refused.refusals().get(0).current()).isEqualTo(second.written().get(0).revision());
      assertThat(put(films, "alien", Base.absent(), "{}")).isInstanceOf(Refused.class);
      assertThat(films.get("alien").orElseThrow().body()).hasToString("{\"n\":2}");
    }
  }

  @Test
  void activityListsEveryChangeInOrder() {
    try (Database database = Millrace.open(folder)) {
      Bucket films = database.bucket("films");
      put(films, "a", Base.absent(), "{}");
      put(database.bucket("other"), "x", Base.absent(), "{}");
      put(films, "a", Base.any(), "{\"n\":2}");
      films.delete("a", Base.any(), new Attribution("me", "why")).toCompletableFuture().join();
      List<Change> changes = new ArrayList<>();
      try (Cursor<Change> cursor =
          films.activity().read(SequenceRange.all(), ActivityFilter.none())) {
        while (cursor.advance()) {
          changes.add(cursor.current());
        }
      }
      assertThat(changes).extracting(Change::sequence).containsExactly(1L, 3L, 4L);
      assertThat(changes.get(2).deleted()).isTrue();
      assertThat(changes.get(2).commit().attribution()).isEqualTo(new Attribution("me", "why"));
      assertThat(films.findAt("a", 3).orElseThrow().body()).hasToString("{\"n\":2}");
      assertThat(films.get("a")).isEmpty();
      assertThat(films.find("a").orElseThrow().deleted()).isTrue();
    }
  }
}
