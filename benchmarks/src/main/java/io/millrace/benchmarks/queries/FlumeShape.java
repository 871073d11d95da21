package io.millrace.benchmarks.queries;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The shape of flumedb's test-flumeview-index/bench: 50,000 records appended as one batch with an
 * index over their keys, then each key got in order, then as many at random.
 */
final class FlumeShape {
  private static final int KEYS = 50_000;

  private final Bench bench;
  private final int rounds;

  FlumeShape(Bench bench, int rounds) {
    this.bench = bench;
    this.rounds = rounds;
  }

  void run() {
    double[] append = new double[rounds];
    double[] ordered = new double[rounds];
    double[] random = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      String bucket = "flume-" + round;
      bench.define(bucket, "keys", "{\"type\":\"index\",\"key\":\"key\"}");
      append[round] = append(bucket);
      ordered[round] = get(bucket, null);
      random[round] = get(bucket, new Random(round));
    }
    Bench.line("50,000 keys: append with index", "keys/s", "172,712", append);
    Bench.line("50,000 keys: get in order", "keys/s", "246,306", ordered);
    Bench.line("50,000 keys: get at random", "keys/s", "236,606", random);
  }

  private double append(String bucket) {
    List<Edit> edits = new ArrayList<>(KEYS);
    for (int i = 0; i < KEYS; i++) {
      String body =
          "{\"key\":\"#" + i + "\",\"value\":{\"foo\":" + i + ",\"bar\":\"" + i % 97 + "\"}}";
      edits.add(Bench.put(bucket, String.format("k%05d", i), body));
    }
    long start = System.nanoTime();
    for (int i = 0; i < KEYS; i += 10_000) {
      Bench.land(
          bench.database.commit(
              CommitRequest.write(edits.subList(i, i + 10_000), Attribution.none())));
    }
    get(bucket, KEYS - 1);
    return KEYS * 1e9 / (System.nanoTime() - start);
  }

  private double get(String bucket, @Nullable Random random) {
    long start = System.nanoTime();
    for (int i = 0; i < KEYS; i++) {
      get(bucket, random == null ? i : random.nextInt(KEYS));
    }
    return KEYS * 1e9 / (System.nanoTime() - start);
  }

  private void get(String bucket, int key) {
    Map<String, String> arguments = Map.of("term", "\"#" + key + "\"");
    if (bench.rows(bucket, "keys", arguments) != 1) {
      throw new IllegalStateException("a key was not found");
    }
  }
}
