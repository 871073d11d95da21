package io.millrace.engine.replication;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A loop on a thread of its own, which lasts until it is closed. */
public final class ThreadLoop implements Loop, AutoCloseable {
  private static final Logger LOG = System.getLogger(ThreadLoop.class.getName());
  private static final long LONGEST_CLOSING_SECONDS = 30;

  private final ScheduledThreadPoolExecutor thread;

  /**
   * @param name of the thread
   */
  public ThreadLoop(String name) {
    thread = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, name));
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  @Override
  public void execute(Runnable task) {
    try {
      thread.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the loop has ended");
    }
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    try {
      Future<?> waiting = thread.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> waiting.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {};
    }
  }

  /** A task that fails must not end what the others wait for. */
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "a task of replication failed", e);
    }
  }

  /** Runs what waits to be executed, forgets what waits for its time, and ends. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LONGEST_CLOSING_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
