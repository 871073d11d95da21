package io.millrace.tck.log;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A walk over a {@link PlainLog}, wrong in the way in which the log is. */
final class PlainCursor implements LogCursor {
  private final PlainLog log;
  private final SequenceRange range;
  private final long last;
  private final boolean live;
  private long next;
  private long remaining;
  private boolean repeated;
  private @Nullable ByteBuffer current;
  private long sequence;
  private volatile boolean closed;
  private volatile @Nullable CompletableFuture<Long> wait;

  PlainCursor(PlainLog log, SequenceRange range, long last, boolean live) {
    this.log = log;
    this.range = range;
    this.last = last;
    this.live = live;
    this.next = range.reverse() ? last : range.first();
    this.remaining = log.has(Flaw.IGNORES_THE_LIMIT) ? Long.MAX_VALUE : range.limit();
  }

  @Override
  public boolean advance() {
    current = null;
    if (live ? !awaitNext() : !isThere()) {
      return false;
    }
    if (live && log.has(Flaw.SKIPS_A_LIVE_RECORD) && next == 5) {
      next++;
    }
    current = ByteBuffer.wrap(log.at(next));
    sequence = next;
    next += range.reverse() ? -1 : 1;
    remaining--;
    if (live && log.has(Flaw.REPEATS_A_LIVE_RECORD) && next == 5 && !repeated) {
      next--;
      repeated = true;
    }
    return true;
  }

  private boolean isThere() {
    if (closed) {
      throw new UnavailableException("cursor-closed", "the cursor is closed");
    }
    log.checkOpen();
    return remaining > 0 && (range.reverse() ? next >= range.first() : next <= last);
  }

  private boolean awaitNext() {
    if (closed || log.isClosed() || remaining == 0 || next > last) {
      return false;
    }
    CompletableFuture<Long> waiting = log.durable().whenAtLeast(next).toCompletableFuture();
    wait = waiting;
    if (closed) {
      waiting.cancel(false);
    }
    try {
      waiting.join();
    } catch (CancellationException | CompletionException e) {
      return false;
    }
    return !closed && !log.isClosed();
  }

  @Override
  public ByteBuffer current() {
    ByteBuffer shown = current;
    if (shown == null) {
      throw new IllegalStateException("not on a record");
    }
    return shown;
  }

  @Override
  public long sequence() {
    current();
    return sequence;
  }

  @Override
  public void close() {
    closed = true;
    CompletableFuture<Long> waiting = wait;
    if (waiting != null && !log.has(Flaw.NEVER_ENDS_LIVE_CURSORS)) {
      waiting.cancel(false);
    }
  }
}
