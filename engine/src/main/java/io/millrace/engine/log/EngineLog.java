package io.millrace.engine.log;

import io.millrace.api.document.CommitDigest;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.log.LogRewriting;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.record.CommitChain;
import io.millrace.engine.record.LogRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The database's log, which can be opened again after it failed without its readers noticing more
 * than a pause.
 *
 * <p>Safe for use by many threads; {@link #reopen()} and {@link #close()} are for one.
 */
public final class EngineLog implements RecordReader, AutoCloseable {
  /** What may be kept of the log before somebody asks for it, by default. */
  private static final long READ_AHEAD_BYTES = 48L << 20;

  private final Supplier<Log> opener;
  private final Object reopening = new Object();
  private final AtomicLong rewritings = new AtomicLong();
  private final ReadAheadMemory readAhead;
  private volatile Log log;
  private volatile boolean closed;

  /** What was durable when the log was closed to be opened again; -1 while it is open. */
  private long durableBefore = -1;

  /**
   * @param opener opens the log; called at once and after each failure
   */
  public EngineLog(Supplier<Log> opener) {
    this(opener, READ_AHEAD_BYTES);
  }

  /**
   * @param opener opens the log; called at once and after each failure
   * @param readAheadBytes what may be kept of the log before somebody asks for it
   */
  public EngineLog(Supplier<Log> opener, long readAheadBytes) {
    this.opener = opener;
    this.readAhead = new ReadAheadMemory(readAheadBytes);
    this.log = opener.get();
  }

  /** The identity of the log. */
  public Incarnation incarnation() {
    return log.incarnation();
  }

  /** The last durable sequence. */
  public long durableSequence() {
    return log.since().value();
  }

  /** The most bytes that one record can hold. */
  public int maxRecordBytes() {
    return log.maxRecordBytes();
  }

  /** As {@link Log#append}. */
  public CompletionStage<Long> append(List<byte[]> records) {
    return log.append(records);
  }

  /** As {@link Log#rewrite}. */
  public void rewrite(long last, LogRewriting rewriting) {
    try {
      log.rewrite(last, rewriting);
    } finally {
      rewritings.incrementAndGet();
    }
  }

  /** How often {@link #rewrite} was called and came back, with what was read before now stale. */
  long rewritings() {
    return rewritings.get();
  }

  /** As {@link Log#checkpoint}. */
  public long checkpoint(Path folder, @Nullable Path earlier) {
    return log.checkpoint(folder, earlier);
  }

  @Override
  public LogRecord record(long sequence) {
    return LogRecord.decode(sequence, bytes(sequence));
  }

  /** The record at {@code sequence}, undecoded. */
  byte[] bytes(long sequence) {
    Log tried = log;
    try {
      return tried.read(sequence);
    } catch (UnavailableException e) {
      return successorOf(tried, e).read(sequence);
    }
  }

  @Override
  public NearbyRecords nearby() {
    return new NearbyRecords(this);
  }

  @Override
  public ReadAhead ahead() {
    return new ReadAhead(this, readAhead);
  }

  /** The digest of the last commit; reads all of its records. */
  public CommitDigest lastDigest() {
    long last = durableSequence();
    if (last == 0) {
      return CommitDigest.NONE;
    }
    CommitChain chain = new CommitChain();
    try (LogCursor records = read(SequenceRange.between(last - record(last).index(), last))) {
      while (records.advance()) {
        chain.add(records.sequence(), RecordReader.bytesOf(records));
      }
    }
    return chain.end();
  }

  /** The records of {@code range} that are durable now, undecoded. */
  public LogCursor read(SequenceRange range) {
    Log tried = log;
    try {
      return resuming(tried, range);
    } catch (UnavailableException e) {
      return resuming(successorOf(tried, e), range);
    }
  }

  private LogCursor resuming(Log from, SequenceRange range) {
    return new ResumingCursor(from, range.lte(from.since().value()), this::successorOf);
  }

  /** The log that took the place of {@code former}, once it is there. */
  private Log successorOf(Log former, UnavailableException failure) {
    synchronized (reopening) {
      if (log == former) {
        throw failure;
      }
      return log;
    }
  }

  /**
   * Closes the log and opens it again.
   *
   * @throws CorruptionException when what was there before is not there any more
   * @throws UnavailableException when it cannot be opened yet; then it stays closed, and this can
   *     be called again
   */
  public void reopen() {
    synchronized (reopening) {
      requireOpen();
      Log former = log;
      Incarnation incarnation = former.incarnation();
      if (durableBefore < 0) {
        durableBefore = former.since().value();
      }
      long before = durableBefore;
      former.close();
      Log next = opener.get();
      if (!next.incarnation().equals(incarnation) || next.since().value() < before) {
        next.close();
        throw new CorruptionException(
            "the log", "opened again, it ends before sequence " + before + ", which was durable");
      }
      log = next;
      durableBefore = -1;
    }
  }

  /** Throws once {@link #close()} was called. */
  void requireOpen() {
    if (closed) {
      throw new UnavailableException("closed", "the database is closed");
    }
  }

  @Override
  public void close() {
    synchronized (reopening) {
      closed = true;
      log.close();
    }
  }

  /** The defect of an append that was answered with a sequence other than the one it must have. */
  public static InternalException misnumbered(long expected, long actual) {
    return new InternalException(
        "misnumbered-append", "the log answered " + actual + " where " + expected + " was due");
  }
}
