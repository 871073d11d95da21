package io.millrace.engine.replication;

import java.time.Duration;

/**
 * Where replication runs: one task after another, so that what it knows of its peers needs no
 * locks. Nothing that runs here blocks. {@link #execute} may be called by any thread, the others by
 * tasks alone.
 */
public interface Loop {
  /** The time, in milliseconds from any beginning; never goes back. */
  long nowMillis();

  /** Runs {@code task} after those that wait already. Does nothing once the loop has ended. */
  void execute(Runnable task);

  /** Runs {@code task} when {@code delay} has passed. */
  Timer after(Duration delay, Runnable task);

  /** A task that waits for its time. */
  @FunctionalInterface
  interface Timer {
    /** Forgets the task, if it has not run. */
    void cancel();
  }
}
