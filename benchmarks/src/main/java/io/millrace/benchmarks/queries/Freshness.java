package io.millrace.benchmarks.queries;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;

/** From an acknowledged write to a query that shows it, while writes go on. */
final class Freshness {
  private static final String BUCKET = "fresh";
  private static final int VIEWS = 5;
  private static final int PER_SECOND = 2_000;
  private static final int ASK_EVERY = 20;

  private final Bench bench;
  private final double seconds;

  Freshness(Bench bench, double seconds) {
    this.bench = bench;
    this.seconds = seconds;
  }

  void run() {
    for (int i = 0; i < VIEWS; i++) {
      String js = "{\"map\":\"function(doc){ emit(doc.n, null) }\"}";
      bench.define(BUCKET, "v" + i, i < 2 ? js : "{\"type\":\"index\",\"key\":\"n\"}");
    }
    int warmUp = (int) (Math.min(2, seconds) * PER_SECOND);
    write(0, warmUp, new ArrayList<>());
    List<Double> millis = new ArrayList<>();
    int writes = (int) (seconds * PER_SECOND);
    long start = System.nanoTime();
    write(warmUp, writes, millis);
    double rate = writes * 1e9 / (System.nanoTime() - start);
    Collections.sort(millis);
    Bench.line("writes meanwhile, with " + VIEWS + " views", "writes/s", "2,000", rate);
    Bench.line("until a query shows a write, median", "ms", "", millis.get(millis.size() / 2));
    Bench.line(
        "until a query shows a write, p99",
        "ms",
        "at most 20",
        millis.get(millis.size() * 99 / 100));
  }

  private void write(int first, int count, List<Double> millis) {
    long begin = System.nanoTime();
    List<CompletionStage<?>> asked = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long due = begin + i * 1_000_000_000L / PER_SECOND;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      int number = first + i;
      CompletionStage<CommitOutcome> written =
          bench.database.commit(
              CommitRequest.write(
                  List.of(Bench.put(BUCKET, "d" + number, "{\"n\":" + number + "}")),
                  Attribution.none()));
      if (i % ASK_EVERY == 0) {
        asked.add(written.thenAcceptAsync(outcome -> millis(number, millis)));
      }
    }
    asked.forEach(stage -> stage.toCompletableFuture().join());
  }

  private void millis(int number, List<Double> millis) {
    long acknowledged = System.nanoTime();
    Map<String, String> term = Map.of("term", Integer.toString(number));
    if (bench.rows(BUCKET, "v" + number / ASK_EVERY % VIEWS, term) != 1) {
      throw new IllegalStateException("a write was not shown");
    }
    double taken = (System.nanoTime() - acknowledged) / 1e6;
    synchronized (millis) {
      millis.add(taken);
    }
  }
}
