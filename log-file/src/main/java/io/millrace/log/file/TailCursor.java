package io.millrace.log.file;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.LogCursor;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A walk that waits for records to come.
 *
 * <p>For one thread at a time, but {@link #close()} may be called from any.
 */
final class TailCursor implements LogCursor {
  private final SegmentedLog log;
  private final SegmentCursor cursor;
  private final long last;
  private volatile boolean closed;

  /** The thread that advanced last. */
  private volatile @Nullable Thread owner;

  private volatile @Nullable CompletableFuture<Long> wait;

  /** Walks from {@code first} to {@code last}. */
  TailCursor(SegmentedLog log, long first, long last, long limit) {
    this.log = log;
    this.last = last;
    this.cursor = new SegmentCursor(log, first, 0, false, limit);
  }

  @Override
  public boolean advance() {
    owner = Thread.currentThread();
    if (isEnded() || cursor.isLimitReached() || cursor.next() > last || !awaitNext()) {
      cursor.close();
      closed = true;
      return false;
    }
    try {
      return cursor.advance();
    } catch (UnavailableException e) {
      if (isEnded()) {
        return false;
      }
      throw e;
    }
  }

  private boolean isEnded() {
    return closed || log.isClosed();
  }

  /** Waits until the next record is there; false when the walk ends before. */
  private boolean awaitNext() {
    long durable = log.durable().value();
    if (durable < cursor.next()) {
      // Many may wait for long: they keep no memory meanwhile.
      cursor.releaseBlock();
      CompletableFuture<Long> waiting =
          log.durable().whenAtLeast(cursor.next()).toCompletableFuture();
      wait = waiting;
      if (closed) {
        waiting.cancel(false);
      }
      try {
        durable = waiting.join();
      } catch (CancellationException | CompletionException e) {
        return false; // closed, this or the log
      } finally {
        wait = null;
      }
      if (isEnded()) {
        return false;
      }
    }
    cursor.extendTo(Math.min(durable, last));
    return true;
  }

  @Override
  public ByteBuffer current() {
    return cursor.current();
  }

  @Override
  public long sequence() {
    return cursor.sequence();
  }

  @Override
  public void close() {
    closed = true;
    if (owner == Thread.currentThread()) {
      cursor.close();
      return;
    }
    // Another thread may be reading the block; it gives the memory back, or drops it.
    CompletableFuture<Long> waiting = wait;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }
}
