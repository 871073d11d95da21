package io.millrace.tck;

/**
 * How long tests wait for what should come at once: long enough for any machine, so that only what
 * is broken makes anybody wait. The system property {@code millrace.test.patience} sets it, in
 * milliseconds.
 */
public final class Patience {
  /** The name of the property. */
  public static final String PROPERTY = "millrace.test.patience";

  private static final long DEFAULT_MILLIS = 20_000;

  private Patience() {}

  /** The time to wait, in milliseconds. */
  public static long millis() {
    return Long.getLong(PROPERTY, DEFAULT_MILLIS);
  }
}
