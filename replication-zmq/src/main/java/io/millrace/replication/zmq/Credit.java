package io.millrace.replication.zmq;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much may be sent over one connection before the other side has read what was sent: so what
 * waits on either side is bounded in bytes, whoever is slow.
 *
 * <p>Safe for use by many threads.
 */
final class Credit {
  /** What even the shortest frame costs, for what surrounds it. */
  private static final int LEAST_COST = 1 << 10;

  private final long windowBytes;
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong returned = new AtomicLong();

  Credit(long windowBytes) {
    this.windowBytes = windowBytes;
  }

  /** What a frame takes from the window; both sides reckon with it. */
  static long cost(int frameBytes) {
    return Math.max(frameBytes, LEAST_COST);
  }

  /** Takes what a frame costs, unless too much is under way; one frame always may be. */
  boolean take(int frameBytes) {
    long cost = cost(frameBytes);
    while (true) {
      long now = taken.get();
      long underWay = now - returned.get();
      if (underWay > 0 && underWay + cost > windowBytes) {
        return false;
      }
      if (taken.compareAndSet(now, now + cost)) {
        return true;
      }
    }
  }

  /**
   * The other side has read everything up to {@code total}.
   *
   * @return whether that can be
   */
  boolean giveBack(long total) {
    if (total < returned.get() || total > taken.get()) {
      return false;
    }
    returned.set(total);
    return true;
  }
}
