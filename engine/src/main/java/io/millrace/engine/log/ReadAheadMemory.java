package io.millrace.engine.log;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that everyone who reads ahead may hold together. Nobody waits for them: each gets at
 * most half of what is left, so that there is always some for the next. Safe for use by many
 * threads.
 */
final class ReadAheadMemory {
  private final AtomicLong left;

  ReadAheadMemory(long bytes) {
    left = new AtomicLong(bytes);
  }

  /** Takes {@code wanted} bytes or fewer, until they are given back. */
  long take(long wanted) {
    while (true) {
      long now = left.get();
      long granted = Math.min(wanted, now / 2);
      if (left.compareAndSet(now, now - granted)) {
        return granted;
      }
    }
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }
}
