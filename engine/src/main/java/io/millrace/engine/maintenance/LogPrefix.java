package io.millrace.engine.maintenance;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.SequenceRange;
import io.millrace.spi.SettableSequence;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A log as it was at an earlier sequence; for reading alone. */
final class LogPrefix implements Log {
  private final Log log;
  private final SettableSequence since;

  LogPrefix(Log log, long last) {
    this.log = log;
    this.since = new SettableSequence("the log", last);
  }

  @Override
  public Incarnation incarnation() {
    return log.incarnation();
  }

  @Override
  public CompletionStage<Long> append(List<byte[]> records) {
    return CompletableFuture.failedFuture(
        new UnavailableException("log-closed", "the past of a log cannot be written"));
  }

  @Override
  public int maxRecordBytes() {
    return log.maxRecordBytes();
  }

  @Override
  public ObservableSequence since() {
    return since;
  }

  @Override
  public byte[] read(long sequence) {
    return log.read(sequence);
  }

  @Override
  public LogCursor read(SequenceRange range) {
    return log.read(range.lte(since.value()));
  }

  @Override
  public LogCursor tail(SequenceRange range) {
    return log.tail(range.lte(since.value()));
  }

  /** Leaves the log open. */
  @Override
  public void close() {
    since.close();
  }
}
