package io.millrace.backend.memory;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.log.LogRewriting;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.SequenceRange;
import io.millrace.spi.SettableSequence;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A log in memory: an array of records. A record counts as durable when it is in the array; nothing
 * survives {@link #close()}.
 */
final class MemoryLog implements Log {
  private final Incarnation incarnation;
  private final int maxRecordBytes;
  private final SettableSequence since = new SettableSequence("the log", 0);

  /** What tails wait on; notified at every append and every close. */
  private final Object movement = new Object();

  /** Held while records are replaced. */
  private final Object rewritten = new Object();

  /**
   * Record n is at n - 1; those up to {@link #since} change in a new array alone. Written under
   * this.
   */
  private volatile byte[][] records = new byte[64][];

  private volatile boolean closed;

  MemoryLog(Incarnation incarnation, int maxRecordBytes) {
    this.incarnation = incarnation;
    this.maxRecordBytes = maxRecordBytes;
  }

  @Override
  public Incarnation incarnation() {
    return incarnation;
  }

  @Override
  public CompletionStage<Long> append(List<byte[]> batch) {
    requireOpen();
    if (batch.isEmpty()) {
      throw new InvalidRequestException("empty-batch", "a batch has at least one record");
    }
    for (byte[] one : batch) {
      if (one.length > maxRecordBytes) {
        throw new InvalidRequestException(
            "record-too-large",
            "a record has at most " + maxRecordBytes + " bytes; this one has " + one.length);
      }
    }
    long last;
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedFuture(closedException());
      }
      last = add(batch);
      since.advance(last);
    }
    wakeTails();
    return CompletableFuture.completedFuture(last);
  }

  private long add(List<byte[]> batch) {
    int count = (int) since.value();
    int needed = Math.addExact(count, batch.size());
    byte[][] room = records;
    if (needed > room.length) {
      room = Arrays.copyOf(room, Math.max(needed, room.length * 2));
    }
    for (byte[] one : batch) {
      room[count++] = one;
    }
    records = room;
    return count;
  }

  @Override
  public int maxRecordBytes() {
    requireOpen();
    return maxRecordBytes;
  }

  @Override
  public ObservableSequence since() {
    requireOpen();
    return since;
  }

  @Override
  public byte[] read(long sequence) {
    requireOpen();
    if (sequence < 1 || sequence > since.value()) {
      throw new NotFoundException(
          "no-such-record",
          "there is no record " + sequence + "; the log ends at " + since.value());
    }
    return record(sequence).clone();
  }

  @Override
  public LogCursor read(SequenceRange range) {
    requireOpen();
    return new MemoryLogCursor(this, range.lte(since.value()), false);
  }

  @Override
  public LogCursor tail(SequenceRange range) {
    requireOpen();
    if (range.reverse()) {
      throw new InvalidRequestException("invalid-range", "a live range goes forward");
    }
    return new MemoryLogCursor(this, range, true);
  }

  @Override
  public long checkpoint(Path folder, @Nullable Path earlier) {
    requireOpen();
    throw new UnsupportedException(
        "checkpoint-unsupported",
        "the memory log keeps nothing on disk and cannot write a copy; use another log");
  }

  @Override
  public void rewrite(long last, LogRewriting rewriting) {
    requireOpen();
    synchronized (rewritten) {
      long end = Math.min(last, since.value());
      if (!rewriting.concerns(1, end)) {
        return;
      }
      Map<Integer, byte[]> changed = new HashMap<>();
      for (long sequence = 1; sequence <= end; sequence++) {
        requireOpen();
        byte[] record = record(sequence);
        byte[] kept = rewriting.keep(sequence, record);
        rewriting.worked(record.length, record.length - kept.length);
        if (kept != record) {
          changed.put((int) sequence - 1, kept);
        }
      }
      synchronized (this) {
        byte[][] after = records.clone();
        changed.forEach((at, record) -> after[at] = record);
        records = after;
      }
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    since.close();
    wakeTails();
  }

  /** The record itself, not to be changed. */
  byte[] record(long sequence) {
    return records[(int) sequence - 1];
  }

  boolean closed() {
    return closed;
  }

  void requireOpen() {
    if (closed) {
      throw closedException();
    }
  }

  /**
   * Waits until {@code sequence} is there; returns at once when {@code cursor} or log is closed.
   */
  void await(long sequence, MemoryLogCursor cursor) {
    synchronized (movement) {
      while (since.value() < sequence && !closed && !cursor.closed()) {
        try {
          movement.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new UnavailableException(
              "interrupted", "interrupted while waiting for record " + sequence, e);
        }
      }
    }
  }

  void wakeTails() {
    synchronized (movement) {
      movement.notifyAll();
    }
  }

  private static UnavailableException closedException() {
    return new UnavailableException("log-closed", "the log has been closed; open it again");
  }
}
