package io.millrace.benchmarks.queries;

import io.millrace.benchmarks.TemporaryFolder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Reads the options, measures, prints a page in Markdown. */
public final class QueryBenchmark {
  private static final Set<String> OPTIONS =
      Set.of("documents", "rounds", "seconds", "store", "only");

  private QueryBenchmark() {}

  /** The command {@code benchmarks/queries}. */
  public static void main(String[] arguments) throws InterruptedException {
    Map<String, String> options = new HashMap<>();
    for (String argument : arguments) {
      String[] parts = argument.replaceFirst("^--", "").split("=", 2);
      if (parts.length != 2 || !OPTIONS.contains(parts[0])) {
        System.err.println(
            "benchmarks: '" + argument + "' is none of --NAME=VALUE with " + OPTIONS);
        System.exit(2);
      }
      options.put(parts[0], parts[1]);
    }
    int documents = Integer.parseInt(options.getOrDefault("documents", "1000000"));
    int rounds = Integer.parseInt(options.getOrDefault("rounds", "3"));
    double seconds = Double.parseDouble(options.getOrDefault("seconds", "5"));
    String store = options.getOrDefault("store", "rocksdb");
    String only = options.getOrDefault("only", "builds,reads,freshness,writes,flume");
    System.out.println("## Queries, embedded, " + store + ", " + documents + " documents\n");
    System.out.println("| what | measured | unit | wanted |\n|---|---:|---|---|");
    try (TemporaryFolder folder = TemporaryFolder.create("millrace-queries-");
        Bench bench = new Bench(folder.path().resolve("data"), store, documents)) {
      if (only.contains("builds") || only.contains("reads")) {
        bench.load();
        new Builds(bench, rounds).run();
      }
      if (only.contains("reads")) {
        new Reads(bench, seconds).run();
      }
      if (only.contains("freshness")) {
        new Freshness(bench, 2 * seconds).run();
      }
      if (only.contains("writes")) {
        new Writes(bench, rounds, seconds).run();
      }
      if (only.contains("flume")) {
        new FlumeShape(store, documents, rounds).run();
      }
    }
  }
}
