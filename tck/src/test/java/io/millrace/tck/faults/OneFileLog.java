package io.millrace.tck.faults;

import io.millrace.api.error.MillraceException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.SequenceRange;
import io.millrace.tck.log.PlainLog;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A log in memory whose batches are also in a {@link RecordFile}, each forced. */
final class OneFileLog implements Log {
  private final RecordFile file;
  private final Log memory;

  OneFileLog(RecordFile file) {
    this.file = file;
    this.memory = PlainLog.of(file.batches().stream().flatMap(List::stream).toList());
  }

  @Override
  public CompletionStage<Long> append(List<byte[]> records) {
    try {
      file.append(records);
      file.force();
    } catch (MillraceException e) {
      return CompletableFuture.failedFuture(e);
    }
    return memory.append(records);
  }

  @Override
  public Incarnation incarnation() {
    return memory.incarnation();
  }

  @Override
  public int maxRecordBytes() {
    return memory.maxRecordBytes();
  }

  @Override
  public ObservableSequence since() {
    return memory.since();
  }

  @Override
  public byte[] read(long sequence) {
    return memory.read(sequence);
  }

  @Override
  public LogCursor read(SequenceRange range) {
    return memory.read(range);
  }

  @Override
  public LogCursor tail(SequenceRange range) {
    return memory.tail(range);
  }

  @Override
  public void close() {
    memory.close();
    file.close();
  }
}
