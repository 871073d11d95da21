package io.millrace.engine.view;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * When the work of one build gets a thread of the pool: never two of them at once, and once more
 * for whoever asked while it had one. Safe for use by many threads.
 */
final class Turns {
  private static final int IDLE = 0;
  private static final int QUEUED = 1;
  private static final int RUNNING = 2;
  private static final int AGAIN = 3;

  private final StepPool pool;
  private final BooleanSupplier step;
  private final BooleanSupplier awaited;
  private final AtomicInteger state = new AtomicInteger(IDLE);

  /**
   * @param step what is done in a turn; answers whether there is more to do at once
   * @param awaited whether somebody waits for what is done
   */
  Turns(StepPool pool, BooleanSupplier step, BooleanSupplier awaited) {
    this.pool = pool;
    this.step = step;
    this.awaited = awaited;
  }

  /**
   * Sees to it that a turn begins after this call.
   *
   * @param urgent whether it goes before those of others
   */
  void ask(boolean urgent) {
    while (true) {
      int now = state.get();
      if (now == AGAIN) {
        return;
      }
      if (now == QUEUED) {
        if (urgent) {
          // Before the one that waits already, which will find nothing to do.
          pool.execute(this::take, true);
        }
        return;
      }
      if (state.compareAndSet(now, now == IDLE ? QUEUED : AGAIN)) {
        if (now == IDLE) {
          pool.execute(this::take, urgent);
        }
        return;
      }
    }
  }

  private void take() {
    // What happens from here on is seen by this turn or asks for another.
    if (!state.compareAndSet(QUEUED, RUNNING)) {
      return;
    }
    boolean more = step.getAsBoolean();
    if (more || !state.compareAndSet(RUNNING, IDLE)) {
      state.set(QUEUED);
      pool.execute(this::take, awaited.getAsBoolean());
    }
  }
}
