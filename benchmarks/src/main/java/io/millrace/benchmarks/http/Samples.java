package io.millrace.benchmarks.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.StreamSupport;

/** What several rounds gave. Immutable; at least one value. */
final class Samples {
  private final double[] sorted;

  private Samples(double[] sorted) {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no samples");
    }
    this.sorted = sorted;
  }

  static Samples of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Samples(sorted);
  }

  /** One value of each element of {@code array}. */
  static Samples of(JsonNode array, ToDoubleFunction<JsonNode> value) {
    return of(StreamSupport.stream(array.spliterator(), false).mapToDouble(value).toArray());
  }

  double median() {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double least() {
    return sorted[0];
  }

  double most() {
    return sorted[sorted.length - 1];
  }

  /** Each of these as a part of {@code whole}. */
  Samples over(double whole) {
    return of(Arrays.stream(sorted).map(value -> value / whole).toArray());
  }

  /** The median, and the extremes behind it when there are several. */
  String text(DoubleFunction<String> format) {
    return sorted.length == 1
        ? format.apply(sorted[0])
        : format.apply(median()) + " (" + format.apply(least()) + ".." + format.apply(most()) + ")";
  }

  /** A whole number with groups of three. */
  static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  /** A share as a percentage. */
  static String percent(double value) {
    return String.format(Locale.ROOT, "%.0f %%", value * 100);
  }

  /** Seconds, to the hundredth. */
  static String seconds(double value) {
    return String.format(Locale.ROOT, "%.2f s", value);
  }

  /** Microseconds as milliseconds. */
  static String millis(double micros) {
    return String.format(Locale.ROOT, micros < 10_000 ? "%.2f" : "%.1f", micros / 1000);
  }
}
