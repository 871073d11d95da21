package io.millrace.engine.planted;

import java.util.Random;

/** Randomness is injected. */
final class EngineRollsDice {
  int roll() {
    return new Random().nextInt(6);
  }
}
