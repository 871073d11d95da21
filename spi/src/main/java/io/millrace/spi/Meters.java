package io.millrace.spi;

import java.util.function.DoubleSupplier;

/**
 * Where a module counts and measures; the server publishes it in whatever form it likes.
 *
 * <p>Names are lower-case words joined by dots, beginning with the module's kind, for example
 * {@code log.force.duration}; the unit is given apart. Making the same meter twice gives the same
 * meter. Safe for use by many threads; recording never blocks.
 */
public interface Meters {
  /** A count that only grows. */
  Counter counter(String name, String description);

  /** A distribution of amounts, such as bytes or records. */
  Distribution distribution(String name, String unit, String description);

  /** A distribution of durations, recorded in nanoseconds. */
  Distribution timer(String name, String description);

  /** A value read when somebody looks. */
  void gauge(String name, String unit, String description, DoubleSupplier value);

  /** Counts. */
  interface Counter {
    /** Adds {@code amount}, 0 or more. */
    void add(long amount);
  }

  /** Collects amounts. */
  interface Distribution {
    /** Adds one observation. */
    void record(long amount);
  }

  /** Meters that forget everything. */
  static Meters none() {
    return new Meters() {
      @Override
      public Counter counter(String name, String description) {
        return amount -> {};
      }

      @Override
      public Distribution distribution(String name, String unit, String description) {
        return amount -> {};
      }

      @Override
      public Distribution timer(String name, String description) {
        return amount -> {};
      }

      @Override
      public void gauge(String name, String unit, String description, DoubleSupplier value) {}
    };
  }
}
