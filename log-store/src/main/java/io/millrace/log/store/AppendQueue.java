package io.millrace.log.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The batches that wait to be written, in the order of their coming; bounded in bytes.
 *
 * <p>Many threads put, one takes everything at once, so that whatever came during one flush shares
 * the next. The taking thread may put, too, and then never waits, because nobody else makes room.
 */
final class AppendQueue {
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition work = lock.newCondition();
  private List<PendingAppend> waiting = new ArrayList<>();
  private long bytes;
  private boolean closed;

  AppendQueue(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * Puts {@code append} at the end, waiting for room if need be. One that alone exceeds the bound
   * is let in when nothing else waits.
   *
   * @return false when the queue is closed
   */
  boolean put(PendingAppend append, boolean mayWait) {
    lock.lock();
    try {
      while (mayWait && !closed && bytes > 0 && bytes + append.bytes() > mostBytes) {
        room.awaitUninterruptibly();
      }
      if (closed) {
        return false;
      }
      waiting.add(append);
      bytes += append.bytes();
      work.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes all, waiting until there is one, or the queue is closed, or so many nanoseconds are over;
   * 0 or less for not at all.
   */
  List<PendingAppend> take(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (waiting.isEmpty() && !closed && left > 0) {
        try {
          left = work.awaitNanos(left);
        } catch (InterruptedException e) {
          // Left behind by what an answer called; nobody means the appending thread.
        }
      }
      List<PendingAppend> taken = waiting;
      waiting = new ArrayList<>();
      bytes = 0;
      room.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing comes any more; what is in the queue can still be taken. */
  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      room.signalAll();
      work.signal();
    } finally {
      lock.unlock();
    }
  }
}
