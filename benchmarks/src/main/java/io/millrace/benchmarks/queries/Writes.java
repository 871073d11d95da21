package io.millrace.benchmarks.queries;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.benchmarks.SampleDocuments;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What views cost writes: single documents, 64 in flight, into buckets with more and more views.
 */
final class Writes {
  private static final int IN_FLIGHT = 64;
  private static final int[] VIEWS = {0, 5, 50};

  private final Bench bench;
  private final int rounds;
  private final double seconds;

  Writes(Bench bench, int rounds, double seconds) {
    this.bench = bench;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  void run() {
    double[][] rates = new double[VIEWS.length][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < VIEWS.length; i++) {
        String bucket = "writes-" + round + "-" + VIEWS[i];
        for (int view = 0; view < VIEWS[i]; view++) {
          bench.define(bucket, "v" + view, "{\"type\":\"index\",\"key\":\"city\"}");
        }
        rates[i][round] = rate(bucket);
        bench.database.dropBucket(bucket, Attribution.none()).toCompletableFuture().join();
      }
    }
    for (int i = 0; i < VIEWS.length; i++) {
      String wanted = VIEWS[i] == 0 ? "" : "as with none";
      Bench.line("writes into a bucket with " + VIEWS[i] + " views", "writes/s", wanted, rates[i]);
    }
  }

  private double rate(String bucket) {
    ArrayDeque<CompletionStage<CommitOutcome>> flying = new ArrayDeque<>();
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    int number = 0;
    while (System.nanoTime() < end) {
      String body = SampleDocuments.body(number, 1_000_000);
      flying.add(
          bench.database.commit(
              CommitRequest.write(
                  List.of(Bench.put(bucket, SampleDocuments.id(number), body)),
                  Attribution.none())));
      number++;
      if (flying.size() == IN_FLIGHT) {
        Bench.land(flying.remove());
      }
    }
    flying.forEach(Bench::land);
    return number * 1e9 / (System.nanoTime() - start);
  }
}
