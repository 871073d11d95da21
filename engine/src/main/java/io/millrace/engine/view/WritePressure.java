package io.millrace.engine.view;

import java.util.concurrent.TimeUnit;

/**
 * Whether so much is being written that views should stand back. Told by the writer's thread, asked
 * by any.
 */
final class WritePressure {
  /** From here on, changes a second are much. */
  private static final long MUCH = 4_000;

  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LASTING_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private long windowStart = System.nanoTime();
  private long windowSequence;
  private volatile long until = windowStart;

  /** Hears that everything up to {@code sequence} is written. */
  void written(long sequence) {
    long now = System.nanoTime();
    long passed = now - windowStart;
    if (passed < WINDOW_NANOS) {
      return;
    }
    // The first window, and one after a long silence, say too little rather than too much.
    double rate = (sequence - windowSequence) * 1e9 / passed;
    if (windowSequence > 0 && rate > MUCH) {
      until = now + LASTING_NANOS;
    }
    windowStart = now;
    windowSequence = sequence;
  }

  boolean isHigh() {
    return System.nanoTime() - until < 0;
  }
}
