package io.millrace.view.index;

import java.util.Random;

/** Random numbers whose seed is printed by the failing test and set by a system property. */
public final class Seeds {
  private Seeds() {}

  /** The seed of this run. */
  public static long seed() {
    return Long.getLong("millrace.test.seed", new Random().nextLong());
  }
}
