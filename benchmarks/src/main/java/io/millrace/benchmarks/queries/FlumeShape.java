package io.millrace.benchmarks.queries;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.benchmarks.TemporaryFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The shape of flumedb's test-flumeview-index/bench: 50,000 records are appended to an empty
 * database with an index over their keys, until the index has all of them; then the value of each
 * key is got in order, one after the other, and of as many keys at random.
 *
 * <p>Each round has a database of its own, as there. The first {@value #WARM_UP} rounds are not
 * counted: they measure the compiler.
 */
final class FlumeShape {
  private static final int MOST_KEYS = 50_000;
  private static final int BATCH = 1_000;
  private static final int WARM_UP = 2;
  private static final String BUCKET = "flume";

  private final String store;
  private final int keys;
  private final int rounds;

  FlumeShape(String store, int documents, int rounds) {
    this.store = store;
    this.keys = Math.min(MOST_KEYS, documents);
    this.rounds = rounds;
  }

  void run() {
    double[] append = new double[rounds];
    double[] ordered = new double[rounds];
    double[] random = new double[rounds];
    for (int round = -WARM_UP; round < rounds; round++) {
      try (TemporaryFolder folder = TemporaryFolder.create("millrace-flume-");
          Bench bench = new Bench(folder.path().resolve("data"), store, keys)) {
        bench.define(BUCKET, "keys", "{\"type\":\"index\",\"key\":\"key\",\"value\":\"value\"}");
        int place = Math.max(0, round);
        append[place] = append(bench);
        ordered[place] = get(bench, null);
        random[place] = get(bench, new Random(round));
      }
    }
    String shape = String.format(Locale.ROOT, "%,d keys: ", keys);
    Bench.line(shape + "append with index", "keys/s", "172,712", append);
    Bench.line(shape + "get in order", "keys/s", "246,306", ordered);
    Bench.line(shape + "get at random", "keys/s", "236,606", random);
  }

  private double append(Bench bench) {
    Random random = new Random(1);
    List<String> bodies = new ArrayList<>(keys);
    for (int i = 0; i < keys; i++) {
      bodies.add(
          "{\"key\":\"#"
              + i
              + "\",\"value\":{\"foo\":"
              + random.nextDouble()
              + ",\"bar\":"
              + (1_600_000_000_000L + i)
              + "}}");
    }
    long start = System.nanoTime();
    List<CompletionStage<CommitOutcome>> flying = new ArrayList<>();
    for (int from = 0; from < keys; from += BATCH) {
      List<Edit> edits = new ArrayList<>(BATCH);
      for (int i = from; i < Math.min(from + BATCH, keys); i++) {
        edits.add(Bench.put(BUCKET, "k" + i, bodies.get(i)));
      }
      flying.add(bench.database.commit(CommitRequest.write(edits, Attribution.none())));
    }
    flying.forEach(Bench::land);
    get(bench, keys - 1);
    return keys * 1e9 / (System.nanoTime() - start);
  }

  private double get(Bench bench, @Nullable Random random) {
    long start = System.nanoTime();
    for (int i = 0; i < keys; i++) {
      get(bench, random == null ? i : random.nextInt(keys));
    }
    return keys * 1e9 / (System.nanoTime() - start);
  }

  private void get(Bench bench, int key) {
    JsonNode value = bench.ask(BUCKET, "keys", "get", Map.of("key", "\"#" + key + "\""));
    if (value.get("bar").longValue() != 1_600_000_000_000L + key) {
      throw new IllegalStateException("another value was got");
    }
  }
}
