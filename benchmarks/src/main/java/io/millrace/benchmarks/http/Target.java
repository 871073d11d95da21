package io.millrace.benchmarks.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A figure that was promised.
 *
 * @param title what is measured
 * @param bound the least, or the most, that the median may be
 * @param most whether the bound is the most
 * @param format how figures of this kind are written
 * @param source where the figure is found
 */
record Target(
    String title, double bound, boolean most, DoubleFunction<String> format, Source source) {
  /** Finds a figure among the results. */
  @FunctionalInterface
  interface Source {
    /** The figure of each round; null when it was not measured. */
    @Nullable Samples samples(JsonNode http, @Nullable JsonNode jmh);
  }

  static final List<Target> ALL =
      List.of(
          ratio("PUT of new documents, 64 connections, next to the no-op PUT", "put", 0.40),
          ratio("GET of existing documents, 64 connections, next to the no-op GET", "get", 0.70),
          rate("import, documents/s", 60_000, task("import")),
          rate("build of a JS map view, documents/s", 100_000, task("view")),
          ratio("query by term, 64 connections, next to the no-op GET", "query", 0.50),
          rate("log append, `sync=os`, records/s", 500_000, log("append", Map.of("sync", "os"))),
          rate("log stream, records/s", 3_000_000, log("stream", Map.of())),
          rate("log random reads, records/s", 400_000, log("random", Map.of())),
          engine("rocksdb"),
          engine("leveldb"),
          engine("xodus"),
          ratio("updates of one document, next to new documents", "same", 0.50),
          ratio("PUT over 10,000 buckets, next to one bucket", "buckets", 0.80),
          most("heap of the server, MiB", 256, Samples::whole, memory("heap_mib")),
          most(
              "resident memory of the server at its most, MiB",
              700,
              Samples::whole,
              memory("peak_resident_mib")),
          most("start to ready, empty", 2, Samples::seconds, task("start-empty")),
          most("start to ready, after a clean stop", 3, Samples::seconds, task("start-clean")),
          most("start to ready, killed under load", 10, Samples::seconds, task("start-killed")),
          most(
              "start to ready, killed right after an import",
              10,
              Samples::seconds,
              task("start-killed-import")));

  boolean met(Samples samples) {
    return most ? samples.median() <= bound : samples.median() >= bound;
  }

  /** The bound, as the table shows it. */
  String text() {
    return (most ? "at most " : "") + format.apply(bound);
  }

  private static Target ratio(String title, String comparison, double least) {
    return new Target(title, least, false, Samples::percent, (http, jmh) -> at64(http, comparison));
  }

  private static Target rate(String title, double least, Source source) {
    return new Target(title, least, false, Samples::whole, source);
  }

  private static Target most(
      String title, double most, DoubleFunction<String> format, Source source) {
    return new Target(title, most, true, format, source);
  }

  /** What the engine makes of a store, next to the same rows written to it directly. */
  private static Target engine(String store) {
    Map<String, String> parameters = Map.of("store", store);
    return new Target(
        "documents through the engine over " + store + ", next to their rows in it directly",
        0.50,
        false,
        Samples::percent,
        (http, jmh) -> {
          Samples whole = JmhScores.find(jmh, "EngineBenchmark.commit", parameters);
          Samples rows = JmhScores.find(jmh, "EngineBenchmark.rows", parameters);
          return whole == null || rows == null ? null : whole.over(rows.median());
        });
  }

  private static @Nullable Samples at64(JsonNode http, String name) {
    for (JsonNode comparison : http.path("comparisons")) {
      if (comparison.path("name").asText().equals(name)
          && comparison.path("connections").asInt() == 64) {
        return ResultsPage.ratios(comparison.path("rounds"));
      }
    }
    return null;
  }

  private static Source task(String name) {
    return (http, jmh) -> {
      JsonNode values = http.path("measurements").path(name).path("values");
      return values.isEmpty() ? null : Samples.of(values, JsonNode::asDouble);
    };
  }

  private static Source memory(String member) {
    return (http, jmh) -> {
      JsonNode rows = http.path("memory");
      return rows.isEmpty()
          ? null
          : Samples.of(Samples.of(rows, row -> row.path(member).asDouble()).most());
    };
  }

  private static Source log(String method, Map<String, String> parameters) {
    return (http, jmh) -> JmhScores.find(jmh, "LogBenchmark." + method, parameters);
  }
}
