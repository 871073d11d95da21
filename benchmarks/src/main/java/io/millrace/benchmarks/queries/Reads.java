package io.millrace.benchmarks.queries;

import io.millrace.benchmarks.SampleDocuments;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;

/** Reads by one thread, from views that are up to date. */
final class Reads {
  private final Bench bench;
  private final double seconds;
  private final Random random = new Random(1);

  Reads(Bench bench, double seconds) {
    this.bench = bench;
    this.seconds = seconds;
  }

  void run() {
    rate("term of an index, five rows", "queries/s", "", () -> once(term("by-city")));
    rate("range of 1,000 rows of an index", "rows/s", "500,000", this::thousandRows);
    rate("one group", "queries/s", "", this::oneGroup);
    halves();
  }

  private long once(long rows) {
    if (rows == 0) {
      throw new IllegalStateException("no rows");
    }
    return 1;
  }

  private String city() {
    int cities = SampleDocuments.cities(bench.documents);
    return String.format(Locale.ROOT, "\"city-%08d\"", random.nextInt(cities));
  }

  private long term(String query) {
    return bench.rows(Bench.BUCKET, query, Map.of("term", city()));
  }

  private long thousandRows() {
    return bench.rows(Bench.BUCKET, "by-city", Map.of("start", city(), "limit", "1000"));
  }

  private long oneGroup() {
    bench.ask(Bench.BUCKET, "groups", "get", Map.of("key", city()));
    return 1;
  }

  /** The first question may meet a view that has not settled; it is told apart. */
  private void halves() {
    double first = half();
    double[] later = new double[50];
    for (int i = 0; i < later.length; i++) {
      later[i] = half();
    }
    Bench.line("reduce over half of the rows, at once", "ms", "", first);
    Bench.line("reduce over half of the rows", "ms", "at most 5", later);
  }

  private double half() {
    int from = random.nextInt(bench.documents / 2);
    String start = String.format(Locale.ROOT, "\"name-%08d\"", from);
    String end = String.format(Locale.ROOT, "\"name-%08d\"", from + bench.documents / 2);
    long begin = System.nanoTime();
    once(bench.rows(Bench.BUCKET, "reduced", Map.of("start", start, "end", end)));
    return (System.nanoTime() - begin) / 1e6;
  }

  private void rate(String what, String unit, String wanted, LongSupplier work) {
    long warm = System.nanoTime() + (long) (Math.min(2, seconds) * 1e9);
    while (System.nanoTime() < warm) {
      work.getAsLong();
    }
    double[] rates = new double[3];
    for (int i = 0; i < rates.length; i++) {
      long done = 0;
      long start = System.nanoTime();
      long end = start + (long) (seconds * 1e9);
      while (System.nanoTime() < end) {
        done += work.getAsLong();
      }
      rates[i] = done * 1e9 / (System.nanoTime() - start);
    }
    Bench.line(what, unit, wanted, rates);
  }
}
