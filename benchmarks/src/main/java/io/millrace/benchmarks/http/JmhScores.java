package io.millrace.benchmarks.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the JSON that JMH writes with {@code -rf json}. */
final class JmhScores {
  private JmhScores() {}

  /** The scores of all iterations of one benchmark. */
  static Samples of(JsonNode benchmark) {
    List<Double> scores = new ArrayList<>();
    for (JsonNode fork : benchmark.path("primaryMetric").path("rawData")) {
      fork.forEach(score -> scores.add(score.asDouble()));
    }
    return Samples.of(scores.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** The scores of the benchmark with this name and these parameters; null when it was not run. */
  static @Nullable Samples find(
      @Nullable JsonNode results, String name, Map<String, String> parameters) {
    if (results == null) {
      return null;
    }
    for (JsonNode benchmark : results) {
      if (benchmark.path("benchmark").asText().endsWith("." + name)
          && parameters.entrySet().stream()
              .allMatch(
                  parameter ->
                      benchmark
                          .path("params")
                          .path(parameter.getKey())
                          .asText()
                          .equals(parameter.getValue()))) {
        return of(benchmark);
      }
    }
    return null;
  }
}
