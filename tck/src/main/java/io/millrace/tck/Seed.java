package io.millrace.tck;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where a test's randomness comes from. It is another each time, unless the system property {@code
 * millrace.test.seed} fixes it; a test puts it into its messages, so that a failure can be
 * repeated.
 */
public record Seed(long value) {
  private static final String PROPERTY = "millrace.test.seed";

  /** The fixed seed, or a new one. */
  public static Seed next() {
    Long fixed = Long.getLong(PROPERTY);
    return new Seed(fixed == null ? ThreadLocalRandom.current().nextLong() : fixed);
  }

  /** A sequence of random values that is the same for the same seed. */
  public Random random() {
    return new Random(value);
  }

  /** What to give to Java to repeat the test. */
  @Override
  public String toString() {
    return "-D" + PROPERTY + "=" + value;
  }
}
