package io.millrace.log.file;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The batches that wait to be written, in the order of their coming; bounded in bytes.
 *
 * <p>Many threads put, one takes everything at once, so that whatever came during one force shares
 * the next. The taking thread may put, too (an append made by what an earlier append completed),
 * and then never waits, because nobody else makes room.
 *
 * <p>A taker that finds nothing may look again for some microseconds before it sleeps: where an
 * append costs less than waking a thread, the next one is there sooner than a sleeper would wake.
 */
final class AppendQueue {
  private final long mostBytes;
  private final int looks;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition work = lock.newCondition();
  private List<PendingAppend> waiting = new ArrayList<>();
  private long bytes;
  private boolean takerWaits;
  private boolean closed;

  /** Whether there may be something to take; written under the lock. */
  private volatile boolean due;

  /**
   * @param looks how often a taker looks before it sleeps
   */
  AppendQueue(long mostBytes, int looks) {
    this.mostBytes = mostBytes;
    this.looks = looks;
  }

  /**
   * Puts {@code append} at the end, waiting for room if need be. One that alone exceeds the bound
   * is let in when nothing else waits.
   *
   * @param mayWait whether to wait for room
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
      due = true;
      if (takerWaits) {
        takerWaits = false;
        work.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes all, waiting until there is one.
   *
   * @param empty the list to gather the next ones in
   * @return an empty list when the queue is closed and nothing is left
   */
  List<PendingAppend> take(List<PendingAppend> empty) {
    for (int i = 0; i < looks && !due; i++) {
      Thread.onSpinWait();
    }
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        takerWaits = true;
        work.awaitUninterruptibly();
      }
      takerWaits = false;
      due = false;
      List<PendingAppend> taken = waiting;
      waiting = empty;
      if (bytes > 0) {
        bytes = 0;
        room.signalAll();
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses all further appends; those that are in the queue can still be taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      due = true;
      room.signalAll();
      work.signal();
    } finally {
      lock.unlock();
    }
  }
}
