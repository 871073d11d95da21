package io.millrace.log.store;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.api.store.StoreCursor;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A walk over the records; a live one waits for those to come.
 *
 * <p>For one thread at a time, but a live one may be closed by any.
 */
final class StoreLogCursor implements LogCursor {
  private final StoreLog log;
  private final StoredRecords records;
  private final SequenceRange range;
  private final boolean live;

  /** Walks on from {@link #next} as far as the log went when it was made; null for none. */
  private @Nullable StoreCursor rows;

  private long next;
  private long delivered;
  private boolean ended;
  private long sequence;
  private @Nullable ByteBuffer current;
  private volatile boolean closed;
  private volatile @Nullable Thread owner;
  private volatile @Nullable CompletableFuture<Long> wait;

  StoreLogCursor(StoreLog log, StoredRecords records, SequenceRange range, boolean live) {
    this.log = log;
    this.records = records;
    this.range = range;
    this.live = live;
    this.next = range.reverse() ? range.last() : range.first();
  }

  @Override
  public boolean advance() {
    owner = Thread.currentThread();
    current = null;
    if (live && isEnded()) {
      release();
      return false;
    }
    requireOpen();
    if (ended || !range.contains(next) || delivered == range.limit() || (live && !awaitNext())) {
      ended = true;
      release();
      return false;
    }
    try {
      byte[] row = log.reading(this::row);
      int from = StoredRecords.CHECKSUM_BYTES;
      current = ByteBuffer.wrap(row, from, row.length - from).slice().asReadOnlyBuffer();
    } catch (UnavailableException e) {
      if (live && isEnded()) {
        return false;
      }
      throw e;
    }
    sequence = next;
    delivered++;
    next += range.reverse() ? -1 : 1;
    return true;
  }

  private boolean isEnded() {
    return closed || log.isClosed();
  }

  /** The row of {@link #next}. */
  private byte[] row() {
    try {
      StoreCursor walk = rows;
      if (walk == null) {
        walk =
            range.reverse()
                ? records.rows(range.first(), next, true)
                : records.rows(next, Math.min(range.last(), log.durable().value()), false);
        rows = walk;
      }
      if (walk.advance()) {
        byte[] key = walk.key();
        if (records.sequence(key) == next) {
          return records.checked(key, walk.value());
        }
      }
    } catch (CorruptionException e) {
      // Perhaps of a row further on, since stores may look ahead; then this one can be had.
      release();
    }
    release();
    return records.row(next);
  }

  /** Waits until the next record is there; false when the walk ends before. */
  private boolean awaitNext() {
    if (log.durable().value() >= next) {
      return true;
    }
    // Many may wait for long: they keep nothing of the store meanwhile.
    release();
    CompletableFuture<Long> waiting = log.durable().whenAtLeast(next).toCompletableFuture();
    wait = waiting;
    if (closed) {
      waiting.cancel(false);
    }
    try {
      waiting.join();
    } catch (CancellationException | CompletionException e) {
      return false; // closed, this or the log
    } finally {
      wait = null;
    }
    return !isEnded();
  }

  @Override
  public ByteBuffer current() {
    ByteBuffer record = current;
    if (record == null) {
      throw new IllegalStateException("the cursor is not on a record");
    }
    return record;
  }

  @Override
  public long sequence() {
    current();
    return sequence;
  }

  @Override
  public void close() {
    closed = true;
    Thread user = owner;
    if (!live || user == null || user == Thread.currentThread()) {
      release();
      return;
    }
    // Another thread may be walking; it releases the rows, or the store does.
    CompletableFuture<Long> waiting = wait;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }

  private void release() {
    StoreCursor walk = rows;
    if (walk != null) {
      rows = null;
      walk.close();
    }
  }

  private void requireOpen() {
    log.checkOpen();
    if (closed) {
      throw new UnavailableException("cursor-closed", "the cursor has been closed");
    }
  }
}
