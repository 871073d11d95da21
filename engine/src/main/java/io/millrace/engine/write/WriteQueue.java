package io.millrace.engine.write;

import io.millrace.api.error.UnavailableException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the writer, bounded in number and in bytes. Who finds it full is refused and not
 * made to wait.
 *
 * <p>Many put, one takes.
 */
final class WriteQueue {
  private final int maxTasks;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final ArrayDeque<WriteTask> tasks = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  /** Whether the taker is to look around though nothing may have come. */
  private boolean woken;

  WriteQueue(int maxTasks, long maxBytes) {
    this.maxTasks = maxTasks;
    this.maxBytes = maxBytes;
  }

  /**
   * Adds a task.
   *
   * @throws UnavailableException when the queue is full or closed
   */
  void put(WriteTask task) {
    long size = task.bytes();
    lock.lock();
    try {
      if (closed) {
        throw new UnavailableException("closed", "the database is closed");
      }
      // One task of any size is let in, or it could never be done.
      if (!tasks.isEmpty() && (tasks.size() >= maxTasks || bytes + size > maxBytes)) {
        throw new UnavailableException(
            "writer-full", tasks.size() + " writes wait already; try again in a moment");
      }
      tasks.add(task);
      bytes += size;
      if (tasks.size() == 1) {
        filled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves what waits to {@code batch}, up to the limits but at least one task, waiting for the
   * first.
   *
   * @return false when the queue is closed and empty
   */
  boolean take(List<WriteTask> batch, int mostTasks, long mostBytes, long waitMillis) {
    lock.lock();
    try {
      long nanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
      while (tasks.isEmpty() && !closed && !woken && nanos > 0) {
        nanos = filled.awaitNanos(nanos);
      }
      woken = false;
      long taken = 0;
      while (!tasks.isEmpty() && batch.size() < mostTasks) {
        long size = tasks.peek().bytes();
        if (!batch.isEmpty() && taken + size > mostBytes) {
          break;
        }
        batch.add(tasks.remove());
        taken += size;
      }
      bytes -= taken;
      return !batch.isEmpty() || !closed;
    } catch (InterruptedException e) {
      // Nobody interrupts the writer; should it happen, it looks again.
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the waiting of the taker. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return tasks.size();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      filled.signal();
    } finally {
      lock.unlock();
    }
  }
}
