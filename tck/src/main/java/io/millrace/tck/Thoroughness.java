package io.millrace.tck;

/**
 * How much a test does that could go on for ever. Quick, unless the system property {@code
 * millrace.test.thorough} is {@code true}, as it is in continuous integration.
 */
public final class Thoroughness {
  /** The name of the property. */
  public static final String PROPERTY = "millrace.test.thorough";

  private Thoroughness() {}

  /** How often to do something. */
  public static int times(int quickly, int thoroughly) {
    return Boolean.getBoolean(PROPERTY) ? thoroughly : quickly;
  }
}
