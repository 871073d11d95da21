package io.millrace.engine.view;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who uses something, to end it when nobody does any more. Its owner is the first user. Safe
 * for use by many threads.
 */
final class Uses {
  private final AtomicInteger count = new AtomicInteger(1);
  private final Runnable afterLast;

  /**
   * @param afterLast called once, by whoever was the last
   */
  Uses(Runnable afterLast) {
    this.afterLast = afterLast;
  }

  /** Begins a use; false when the last one has ended. */
  boolean begin() {
    while (true) {
      int now = count.get();
      if (now == 0) {
        return false;
      }
      if (count.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  /** Ends a use. */
  void end() {
    if (count.decrementAndGet() == 0) {
      afterLast.run();
    }
  }
}
