package io.millrace.backend.memory;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A walk over the records; a live one waits for those to come. */
final class MemoryLogCursor implements LogCursor {
  private final MemoryLog log;
  private final SequenceRange range;
  private final boolean live;

  private long next;
  private long delivered;
  private boolean exhausted;
  private @Nullable ByteBuffer current;
  private long sequence;
  private volatile boolean closed;

  MemoryLogCursor(MemoryLog log, SequenceRange range, boolean live) {
    this.log = log;
    this.range = range;
    this.live = live;
    this.next = range.reverse() ? range.last() : range.first();
  }

  @Override
  public boolean advance() {
    current = null;
    if (live && (closed || log.closed())) {
      return false;
    }
    requireOpen();
    if (exhausted || !range.contains(next) || delivered == range.limit()) {
      exhausted = true;
      return false;
    }
    if (live) {
      log.await(next, this);
      if (closed || log.closed()) {
        return false;
      }
    }
    current = ByteBuffer.wrap(log.record(next)).asReadOnlyBuffer();
    sequence = next;
    delivered++;
    next += range.reverse() ? -1 : 1;
    return true;
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
    log.wakeTails();
  }

  boolean closed() {
    return closed;
  }

  private void requireOpen() {
    log.requireOpen();
    if (closed) {
      throw new UnavailableException("cursor-closed", "the cursor has been closed");
    }
  }
}
