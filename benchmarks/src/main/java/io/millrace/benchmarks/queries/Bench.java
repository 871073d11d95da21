package io.millrace.benchmarks.queries;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Database;
import io.millrace.api.Queries;
import io.millrace.api.Queries.RowCursor;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.ViewArguments;
import io.millrace.benchmarks.SampleDocuments;
import io.millrace.engine.Millrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** One database, its documents, and the lines of the page. */
final class Bench implements AutoCloseable {
  static final String BUCKET = "bench";
  private static final int BATCH = 500;
  private static final int IN_FLIGHT = 8;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Consistency PATIENT = Consistency.latest().within(Duration.ofMinutes(10));

  final Database database;
  final int documents;

  Bench(Path folder, String store, int documents) {
    this.documents = documents;
    database = Millrace.in(folder).log("file", Map.of("sync", "os")).store(store, Map.of()).open();
  }

  Queries queries(String bucket) {
    return database.bucket(bucket).queries();
  }

  void load() {
    List<Edit> edits = new ArrayList<>(BATCH);
    ArrayDeque<CompletionStage<CommitOutcome>> flying = new ArrayDeque<>();
    for (int i = 0; i < documents; i++) {
      edits.add(put(BUCKET, SampleDocuments.id(i), SampleDocuments.body(i, documents)));
      if (edits.size() == BATCH || i == documents - 1) {
        flying.add(database.commit(CommitRequest.write(List.copyOf(edits), Attribution.none())));
        edits.clear();
        if (flying.size() == IN_FLIGHT) {
          land(flying.remove());
        }
      }
    }
    flying.forEach(Bench::land);
  }

  static Edit put(String bucket, String id, String body) {
    return new Edit.Put(bucket, id, Base.absent(), Body.parse(body));
  }

  static void land(CompletionStage<CommitOutcome> outcome) {
    if (!(outcome.toCompletableFuture().join() instanceof Committed)) {
      throw new IllegalStateException("a commit was refused");
    }
  }

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void define(String bucket, String name, String definition) {
    queries(bucket).define(name, json(definition), Attribution.none()).toCompletableFuture().join();
  }

  JsonNode ask(String bucket, String name, String method, Map<String, String> arguments) {
    return queries(bucket)
        .call(name, method, ViewArguments.ofTexts(arguments), PATIENT)
        .toCompletableFuture()
        .join();
  }

  /** Reads the rows to their end; returns how many there were. */
  long rows(String bucket, String name, Map<String, String> arguments) {
    long rows = 0;
    try (RowCursor cursor =
        queries(bucket)
            .rows(name, "rows", ViewArguments.ofTexts(arguments), PATIENT)
            .toCompletableFuture()
            .join()) {
      while (cursor.advance()) {
        cursor.current();
        rows++;
      }
    }
    return rows;
  }

  static void line(String what, String unit, String wanted, double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    String text = number(sorted[sorted.length / 2]);
    if (sorted.length > 1) {
      text += " (" + number(sorted[0]) + ".." + number(sorted[sorted.length - 1]) + ")";
    }
    System.out.println("| " + what + " | " + text + " | " + unit + " | " + wanted + " |");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
  }

  @Override
  public void close() {
    database.close();
  }
}
