package io.millrace.view.query;

import java.util.Random;

/** Random numbers whose seed is printed by the failing test and set by a system property. */
final class Seeds {
  private Seeds() {}

  static long seed() {
    return Long.getLong("millrace.test.seed", new Random().nextLong());
  }
}
