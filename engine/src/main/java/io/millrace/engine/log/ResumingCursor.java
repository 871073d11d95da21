package io.millrace.engine.log;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import java.nio.ByteBuffer;
import java.util.function.BiFunction;

/** A walk over records that goes on in the log that took the place of the one it began in. */
final class ResumingCursor implements LogCursor {
  private final BiFunction<Log, UnavailableException, Log> successor;
  private Log log;
  private LogCursor records;

  /** What is still to be delivered. */
  private SequenceRange rest;

  private boolean closed;

  /**
   * @param range with its end not beyond what is durable
   * @param successor the log in the place of another one, or throws what it is given
   */
  ResumingCursor(
      Log log, SequenceRange range, BiFunction<Log, UnavailableException, Log> successor) {
    this.log = log;
    this.rest = range;
    this.successor = successor;
    this.records = log.read(range);
  }

  @Override
  public boolean advance() {
    boolean advanced;
    try {
      advanced = records.advance();
    } catch (UnavailableException e) {
      if (closed) {
        throw e;
      }
      log = successor.apply(log, e);
      records.close();
      records = log.read(rest);
      advanced = records.advance();
    }
    if (advanced) {
      long at = records.sequence();
      long most = rest.limit() == Long.MAX_VALUE ? Long.MAX_VALUE : rest.limit() - 1;
      rest = (rest.reverse() ? rest.lt(at) : rest.gt(at)).limited(most);
    }
    return advanced;
  }

  @Override
  public ByteBuffer current() {
    return records.current();
  }

  @Override
  public long sequence() {
    return records.sequence();
  }

  @Override
  public void close() {
    closed = true;
    records.close();
  }
}
