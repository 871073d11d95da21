package io.millrace.engine.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.Queries.RowCursor;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import io.millrace.engine.Millrace;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Meters;
import io.millrace.spi.Modules;
import io.millrace.spi.StoreProvider;
import io.millrace.spi.ViewProvider;
import io.millrace.tck.NothingLeftBehind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A question that is answered page by page without an index reads each document once. */
@ExtendWith(NothingLeftBehind.class)
final class ResumedScanTest {
  /** Beside prefixes of others, ids whose order as UTF-8 is not that of Java's strings. */
  private static final List<String> IDS =
      List.of("a", "a!", "aa", "b", "b1", "z", "\u00e9", "\uffee", "\ud83d\ude00");

  private static final ClassLoader LOADER = ResumedScanTest.class.getClassLoader();

  private final AtomicLong read = new AtomicLong();

  @TempDir Path folder;

  @Test
  void pagesReadWhatIsLeftInEitherDirection() {
    Modules<ViewProvider> views = Modules.find("view", ViewProvider.class, LOADER);
    try (Database database =
        Millrace.in(folder)
            .log("memory", Map.of())
            .store("memory", Map.of())
            .meters(new ReadDocuments())
            .modules(
                Modules.find("log", LogProvider.class, LOADER),
                Modules.find("store", StoreProvider.class, LOADER),
                // No other that answers questions.
                Modules.of("view", List.of(views.named("query"))))
            .open()) {
      Bucket bucket = database.bucket("b");
      for (String id : IDS) {
        bucket.put(id, Base.absent(), Body.EMPTY, Attribution.none()).toCompletableFuture().join();
      }
      assertThat(paged(bucket, "false")).isEqualTo(IDS);
      List<String> reversed = new ArrayList<>(IDS);
      Collections.reverse(reversed);
      assertThat(paged(bucket, "true")).isEqualTo(reversed);
    }
  }

  private List<String> paged(Bucket bucket, String reverse) {
    List<String> ids = new ArrayList<>();
    Map<String, String> page = new HashMap<>(Map.of("limit", "2", "reverse", reverse));
    read.set(0);
    List<Row> rows = rows(bucket, page);
    while (!rows.isEmpty()) {
      rows.forEach(row -> ids.add(row.documentId()));
      byte[] position = rows.get(rows.size() - 1).position();
      page.put("after", Base64.getUrlEncoder().withoutPadding().encodeToString(position));
      rows = rows(bucket, page);
    }
    assertThat(read).hasValue(ids.size());
    return ids;
  }

  private static List<Row> rows(Bucket bucket, Map<String, String> question) {
    List<Row> rows = new ArrayList<>();
    try (RowCursor found =
        bucket
            .queries()
            .find(ViewArguments.ofTexts(question), Consistency.latest())
            .toCompletableFuture()
            .join()) {
      while (found.advance()) {
        rows.add(found.current());
      }
    }
    return rows;
  }

  /** Counts the documents whose body was read. */
  private final class ReadDocuments implements Meters {
    private final Meters none = Meters.none();

    @Override
    public Counter counter(String name, String description) {
      return name.equals("documents.read") ? read::addAndGet : none.counter(name, description);
    }

    @Override
    public Distribution distribution(String name, String unit, String description) {
      return none.distribution(name, unit, description);
    }

    @Override
    public Distribution timer(String name, String description) {
      return none.timer(name, description);
    }

    @Override
    public void gauge(String name, String unit, String description, DoubleSupplier value) {}
  }
}
