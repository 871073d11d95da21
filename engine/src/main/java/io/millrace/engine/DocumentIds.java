package io.millrace.engine;

import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** New ids for documents that come without one. Safe for use by many threads. */
final class DocumentIds {
  private static final int VERSION_7 = 0x7000;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final Clock clock;
  private final RandomGenerator random;

  /** The milliseconds of the newest id, then a counter of 12 bits that runs over into them. */
  private final AtomicLong newest = new AtomicLong();

  DocumentIds(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * A UUID of version 7 as of RFC 9562, section 6.2, method 1: each is greater than the one before.
   */
  String next() {
    long now = clock.millis() << 12;
    long stamp = newest.updateAndGet(last -> Math.max(last + 1, now));
    long high = (stamp & ~0xfffL) << 4 | VERSION_7 | (stamp & 0xfff);
    long low = VARIANT | random.nextLong() >>> 2;
    return new UUID(high, low).toString();
  }
}
