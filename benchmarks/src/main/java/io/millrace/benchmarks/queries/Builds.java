package io.millrace.benchmarks.queries;

import io.millrace.api.document.Attribution;
import java.util.LinkedHashMap;
import java.util.Map;

/** From the definition until the first read that reflects every document has its answer. */
final class Builds {
  private static final Map<String, String> DEFINITIONS = new LinkedHashMap<>();

  static {
    DEFINITIONS.put("by-city", "{\"type\":\"index\",\"key\":\"city\"}");
    DEFINITIONS.put("map", "{\"map\":\"function(doc){ return doc.city }\"}");
    DEFINITIONS.put(
        "groups", "{\"type\":\"reduce\",\"group\":\"city\",\"aggregates\":{\"n\":\"count\"}}");
    DEFINITIONS.put(
        "years", "{\"type\":\"reduce\",\"group\":\"year\",\"aggregates\":{\"n\":\"count\"}}");
    DEFINITIONS.put(
        "reduced", "{\"map\":\"function(doc){ emit(doc.name, 1) }\",\"reduce\":\"count\"}");
  }

  private static final Map<String, String> WANTED =
      Map.of("by-city", "200,000", "map", "100,000", "groups", "200,000", "years", "200,000");

  private final Bench bench;
  private final int rounds;

  Builds(Bench bench, int rounds) {
    this.bench = bench;
    this.rounds = rounds;
  }

  void run() {
    DEFINITIONS.forEach(
        (name, definition) -> {
          double[] rates = new double[rounds];
          for (int i = 0; i < rounds; i++) {
            String query = i == rounds - 1 ? name : name + "-" + i;
            long start = System.nanoTime();
            bench.define(Bench.BUCKET, query, definition);
            bench.rows(Bench.BUCKET, query, Map.of("limit", "1"));
            rates[i] = bench.documents * 1e9 / (System.nanoTime() - start);
            if (i < rounds - 1) {
              bench
                  .queries(Bench.BUCKET)
                  .remove(query, Attribution.none())
                  .toCompletableFuture()
                  .join();
            }
          }
          Bench.line(
              "build of `" + definition.replace("|", "\\|") + "`",
              "documents/s",
              WANTED.getOrDefault(name, ""),
              rates);
        });
  }
}
