package io.millrace.engine.forget;

import io.millrace.api.error.UnavailableException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds work up so that it does not take more than so many bytes a second. For one thread. */
final class Pace {
  /** Work may run ahead by so much before it is held up. */
  private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final long bytesPerSecond;
  private final CountDownLatch closing;
  private final long startedNanos = System.nanoTime();
  private long dueNanos;

  /**
   * @param closing ends the work
   */
  Pace(long bytesPerSecond, CountDownLatch closing) {
    this.bytesPerSecond = bytesPerSecond;
    this.closing = closing;
  }

  /** Notes that {@code bytes} were worked on, and waits as long as that is too soon. */
  void worked(long bytes) {
    long passed = System.nanoTime() - startedNanos;
    dueNanos = Math.max(dueNanos, passed) + (long) (bytes * 1e9 / bytesPerSecond);
    long early = dueNanos - passed;
    try {
      if (closing.await(early > AHEAD_NANOS ? early : 0, TimeUnit.NANOSECONDS)) {
        throw new UnavailableException("closed", "the database is closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", "the compaction was interrupted", e);
    }
  }
}
