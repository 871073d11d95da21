package io.millrace.distribution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.ActivityFilter;
import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.Queries;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.ViewArguments;
import io.millrace.engine.Millrace;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The README's example of an embedded database; {@link ReadmeTest} compares the two and runs it.
 */
final class EmbeddedExample {
  private EmbeddedExample() {}

  /** What the example calls {@code System}, so that the test can see what it prints. */
  private static final class Console {
    final PrintStream out;

    Console(PrintStream out) {
      this.out = out;
    }
  }

  static void run(Path folder, PrintStream out) {
    Console System = new Console(out);
    // The README's lines begin here.
    try (Database database = Millrace.open(folder)) {
      Bucket films = database.bucket("films");
      Body alien = Body.parse("{\"title\":\"Alien\",\"year\":1979}");
      films.put("alien", Base.absent(), alien, Attribution.none()).toCompletableFuture().join();
      System.out.println(films.get("alien").orElseThrow().body());

      ObjectNode byYear = JsonNodeFactory.instance.objectNode();
      byYear.put("map", "function(film){ emit(film.year, film.title) }");
      films.queries().define("by-year", byYear, Attribution.none()).toCompletableFuture().join();
      ViewArguments year = ViewArguments.none().with("term", "1979");
      try (Queries.RowCursor rows =
          films
              .queries()
              .rows("by-year", "rows", year, Consistency.latest())
              .toCompletableFuture()
              .join()) {
        while (rows.advance()) {
          System.out.println(new String(rows.current().value(), StandardCharsets.UTF_8));
        }
      }

      try (Cursor<Change> changes =
          films.activity().read(SequenceRange.all(), ActivityFilter.none())) {
        while (changes.advance()) {
          System.out.println(changes.current().sequence() + " " + changes.current().id());
        }
      }
    }
    // The README's lines end here.
  }
}
