package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Attribution;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.ProgressLine;
import io.millrace.cli.console.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how fast documents are written and read. */
@Command(
    name = "bench",
    description = {
      "Writes documents for a while, then reads them, and shows how many that were and how long",
      "they took. Its bucket must not exist, and is dropped in the end; but what was written stays",
      "in the log and its history, so better measure a server of its own. The command takes its",
      "share of the processors; the benchmarks of the project measure with less beside them."
    })
final class BenchCommand implements Callable<Integer> {
  private static final double MILLIS = 1e6;
  private static final long LONGEST_NANOS = Duration.ofMinutes(10).toNanos();
  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};

  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Option(names = "--bucket", paramLabel = "BUCKET", description = "Its name; bench if not given.")
  private String bucket = "bench";

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "How many requests are under way at a time; 16 if not given.")
  private int connections = 16;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each of the two parts takes; 10 if not given.")
  private int seconds = 10;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      description = "How long a document is, about; 256 if not given.")
  private int size = 256;

  BenchCommand(Client client) {
    this.client = client;
  }

  /** A part of the measurement that has ended. */
  private record Measured(String name, Histogram nanos, double seconds) {
    double rate() {
      return nanos.getTotalCount() / seconds;
    }
  }

  /** One request, by its number. */
  @FunctionalInterface
  private interface Request {
    Call of(long number);
  }

  @Override
  public Integer call() {
    List<Measured> parts = new ArrayList<>();
    Attribution who = new Attribution(WriteOptions.author(client.surroundings()), "bench");
    try (Endpoint endpoint = client.connect(options);
        ProgressLine progress = client.surroundings().progress()) {
      if (!endpoint.send(Call.put(bucket).by(who)).created()) {
        client.surroundings().err().println("millrace: there is a bucket " + bucket + " already");
        return ExitCodes.CONFLICT;
      }
      String body = Json.object().put("text", "x".repeat(Math.max(0, size - 12))).toString();
      AtomicLong written = new AtomicLong();
      try {
        parts.add(
            measure(
                endpoint,
                progress,
                "put",
                n -> {
                  written.accumulateAndGet(n + 1, Math::max);
                  return Call.put(bucket, "d" + n).json(body);
                }));
        long documents = Math.max(1, written.get() - connections);
        parts.add(
            measure(endpoint, progress, "get", n -> Call.get(bucket, "d" + n * 7919 % documents)));
      } finally {
        endpoint.send(Call.delete(bucket).by(who));
      }
    }
    parts.forEach(this::printJson);
    printTable(parts);
    return ExitCodes.DONE;
  }

  private Measured measure(Endpoint endpoint, ProgressLine progress, String name, Request request) {
    Histogram nanos = new ConcurrentHistogram(LONGEST_NANOS, 3);
    AtomicLong next = new AtomicLong();
    AtomicReference<@Nullable MillraceException> failure = new AtomicReference<>();
    long begin = System.nanoTime();
    long end = begin + Duration.ofSeconds(seconds).toNanos();
    Runnable work =
        () -> {
          while (failure.get() == null) {
            long start = System.nanoTime();
            if (start >= end) {
              return;
            }
            try {
              endpoint.send(request.of(next.getAndIncrement()));
            } catch (MillraceException e) {
              failure.compareAndSet(null, e);
            }
            nanos.recordValue(Math.min(LONGEST_NANOS, System.nanoTime() - start));
          }
        };
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Thread thread = new Thread(work, "bench " + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    join(threads, failure);
    progress.progress(name, nanos.getTotalCount(), 0, "requests");
    progress.wipe();
    MillraceException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    return new Measured(name, nanos, (System.nanoTime() - begin) / 1e9);
  }

  private static void join(
      List<Thread> threads, AtomicReference<@Nullable MillraceException> failure) {
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        failure.compareAndSet(null, new UnavailableException("interrupted", "interrupted"));
        return;
      }
    }
  }

  private void printJson(Measured part) {
    if (options.json()) {
      ObjectNode json = Json.object();
      json.put("part", part.name()).put("requests", part.nanos().getTotalCount());
      json.put("seconds", part.seconds()).put("rate", part.rate());
      for (double percentile : PERCENTILES) {
        json.put("p" + name(percentile) + "_ms", millis(part, percentile));
      }
      client.out().println(json);
    }
  }

  private void printTable(List<Measured> parts) {
    if (options.json()) {
      return;
    }
    Table table =
        new Table(
            client.surroundings(),
            "PART",
            "#REQUESTS",
            "#A SECOND",
            "?#50% MS",
            "?#90%",
            "?#99%",
            "?#99.9%",
            "?#MOST");
    for (Measured part : parts) {
      List<String> cells = new ArrayList<>();
      cells.add(part.name());
      cells.add(String.format(Locale.ROOT, "%,d", part.nanos().getTotalCount()));
      cells.add(String.format(Locale.ROOT, "%,.0f", part.rate()));
      for (double percentile : PERCENTILES) {
        cells.add(String.format(Locale.ROOT, "%,.2f", millis(part, percentile)));
      }
      table.row(cells.toArray(String[]::new));
    }
    table.flush();
  }

  private static double millis(Measured part, double percentile) {
    return part.nanos().getValueAtPercentile(percentile) / MILLIS;
  }

  private static String name(double percentile) {
    return percentile == (long) percentile
        ? Long.toString((long) percentile)
        : Double.toString(percentile);
  }
}
