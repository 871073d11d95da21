package io.millrace.engine;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.log.LogRewriting;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.SequenceRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/** A log that tells how it is read, and has records that are damaged. For one thread. */
public final class ProbedLog implements Log {
  /** The records that are damaged. */
  public final Set<Long> damaged = new TreeSet<>();

  /** The records that were looked up, in this order. */
  public final List<Long> lookedUp = new ArrayList<>();

  /** The records that cursors came to, in this order. */
  public final List<Long> passed = new ArrayList<>();

  private final Log log;

  /**
   * @param log closed with this
   */
  public ProbedLog(Log log) {
    this.log = log;
  }

  private void requireIntact(long sequence) {
    if (damaged.contains(sequence)) {
      throw new CorruptionException("log record " + sequence, "it is damaged, as the test wishes");
    }
  }

  @Override
  public byte[] read(long sequence) {
    lookedUp.add(sequence);
    requireIntact(sequence);
    return log.read(sequence);
  }

  @Override
  public LogCursor read(SequenceRange range) {
    LogCursor cursor = log.read(range);
    return new LogCursor() {
      @Override
      public boolean advance() {
        boolean there = cursor.advance();
        if (there) {
          passed.add(cursor.sequence());
          requireIntact(cursor.sequence());
        }
        return there;
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
        cursor.close();
      }
    };
  }

  @Override
  public Incarnation incarnation() {
    return log.incarnation();
  }

  @Override
  public CompletionStage<Long> append(List<byte[]> records) {
    return log.append(records);
  }

  @Override
  public int maxRecordBytes() {
    return log.maxRecordBytes();
  }

  @Override
  public ObservableSequence since() {
    return log.since();
  }

  @Override
  public LogCursor tail(SequenceRange range) {
    return log.tail(range);
  }

  @Override
  public void rewrite(long last, LogRewriting rewriting) {
    log.rewrite(last, rewriting);
  }

  @Override
  public void close() {
    log.close();
  }
}
