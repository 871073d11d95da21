package io.millrace.api.view;

import java.time.Duration;

/**
 * How fresh a view must be before it answers.
 *
 * @param level what is waited for
 * @param sequence with {@link Level#AT_LEAST}, the sequence waited for
 * @param timeout how long is waited at most
 */
public record Consistency(Level level, long sequence, Duration timeout) {
  /** How long is waited when nothing is said. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** What is waited for. */
  public enum Level {
    /** Every write that was acknowledged before the read was made. */
    LATEST,
    /** A sequence. */
    AT_LEAST,
    /** Nothing. */
    ANY
  }

  /** Every write acknowledged before the read. */
  public static Consistency latest() {
    return new Consistency(Level.LATEST, 0, DEFAULT_TIMEOUT);
  }

  /** Every write up to {@code sequence}. */
  public static Consistency atLeast(long sequence) {
    return new Consistency(Level.AT_LEAST, sequence, DEFAULT_TIMEOUT);
  }

  /** Whatever is there. */
  public static Consistency any() {
    return new Consistency(Level.ANY, 0, DEFAULT_TIMEOUT);
  }

  /** The same, waiting no longer than {@code longest}. */
  public Consistency within(Duration longest) {
    return new Consistency(level, sequence, longest);
  }
}
