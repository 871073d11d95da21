package io.millrace.engine.view;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How far views should stand back for what is being written. Told by the writer's thread, asked by
 * any.
 *
 * <p>What counts is not only how much is written but also how much work it makes for views:
 * otherwise many views would take so much of the processors that little is written, and would then
 * find no reason to stand back.
 */
final class WritePressure {
  /** From here on, changes a second are much. */
  private static final long MUCH = 4_000;

  /** From here on, changes a second, each counted for every view that needs it, are much work. */
  private static final long MUCH_WORK = 20_000L * Runtime.getRuntime().availableProcessors();

  /** How much longer than a step a pause is, while much is written: views take a tenth. */
  private static final int LONG_PAUSE = 9;

  /** The same while little is written that makes much work. */
  private static final int SHORT_PAUSE = 1;

  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LASTING_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final LongSupplier nanos;
  private long windowStart;
  private long windowSequence;
  private long lastSequence;

  /** Changes of this window, each counted for every view. */
  private long work;

  private volatile long until;
  private volatile int pause = SHORT_PAUSE;

  /**
   * @param nanos the time that has passed since some moment
   */
  WritePressure(LongSupplier nanos) {
    this.nanos = nanos;
    windowStart = nanos.getAsLong();
    until = windowStart;
  }

  /**
   * Hears that everything up to {@code sequence} is written.
   *
   * @param views how many views need what was written since the last call
   */
  void written(long sequence, int views) {
    work += (sequence - lastSequence) * views;
    lastSequence = sequence;
    long now = nanos.getAsLong();
    long passed = now - windowStart;
    if (passed < WINDOW_NANOS) {
      return;
    }
    // The first window, and one after a long silence, say too little rather than too much.
    double seconds = passed / 1e9;
    boolean much = (sequence - windowSequence) / seconds > MUCH;
    if (windowSequence > 0 && (much || work / seconds > MUCH_WORK)) {
      pause = much ? LONG_PAUSE : SHORT_PAUSE;
      until = now + LASTING_NANOS;
    }
    windowStart = now;
    windowSequence = sequence;
    work = 0;
  }

  boolean isHigh() {
    return nanos.getAsLong() - until < 0;
  }

  /** How many times as long as a step the pause behind it should be. */
  int pause() {
    return pause;
  }
}
