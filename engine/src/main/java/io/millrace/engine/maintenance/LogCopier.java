package io.millrace.engine.maintenance;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Writes the records of one log into another, empty one: the same bytes under the same sequences,
 * each commit within one batch. Then reads the copy and compares. For one thread.
 */
final class LogCopier {
  private static final long BATCH_BYTES = 4L << 20;
  private static final int MOST_BATCH_RECORDS = 20_000;
  private static final int MOST_UNANSWERED = 4;
  private static final int RECORDS_PER_REPORT = 10_000;

  private final Log source;
  private final Log target;
  private final ProgressListener listener;
  private final List<CompletableFuture<Long>> unanswered = new ArrayList<>();
  private List<byte[]> batch = new ArrayList<>();
  private long batchBytes;

  LogCopier(Log source, Log target, ProgressListener listener) {
    this.source = source;
    this.target = target;
    this.listener = listener;
  }

  /** What was copied, and compared. */
  record Copied(long records, String digest) {}

  /**
   * Copies everything.
   *
   * @throws CorruptionException when the source is damaged, or the copy is not what was written
   */
  Copied copy() {
    long last = source.since().value();
    String read = write(last);
    String written = digestOf(target, target.since().value());
    if (target.since().value() != last || !written.equals(read)) {
      throw new CorruptionException(
          "the new log",
          "it does not hold what was written to it: "
              + target.since().value()
              + " records with the digest "
              + written
              + " where "
              + last
              + " with "
              + read
              + " were read");
    }
    return new Copied(last, read);
  }

  private String write(long last) {
    ContentDigest digest = new ContentDigest();
    long commitEnd = 0;
    try (LogCursor records = source.read(SequenceRange.between(1, last))) {
      while (records.advance()) {
        long sequence = records.sequence();
        byte[] record = RecordReader.bytesOf(records);
        digest.add(record);
        if (sequence > commitEnd) {
          commitEnd = endOfCommit(sequence, record);
          if (batchBytes >= BATCH_BYTES || batch.size() >= MOST_BATCH_RECORDS) {
            append();
          }
        }
        batch.add(record);
        batchBytes += record.length;
        report("writing the log", sequence, last);
      }
    }
    if (!batch.isEmpty()) {
      append();
    }
    unanswered.forEach(LogCopier::await);
    return digest.hex();
  }

  private static long endOfCommit(long first, byte[] record) {
    var header = LogRecord.decode(first, record).header();
    if (header == null) {
      throw new CorruptionException("log record " + first, "the first of a commit was expected");
    }
    return first + header.records() - 1;
  }

  private void append() {
    unanswered.add(target.append(batch).toCompletableFuture());
    batch = new ArrayList<>();
    batchBytes = 0;
    if (unanswered.size() == MOST_UNANSWERED) {
      await(unanswered.remove(0));
    }
  }

  private static void await(CompletableFuture<Long> answer) {
    try {
      answer.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      throw new UnavailableException(
          "copy-failed",
          "the new log did not take the records: " + (cause == null ? e : cause).getMessage(),
          cause);
    }
  }

  private String digestOf(Log log, long last) {
    ContentDigest digest = new ContentDigest();
    try (LogCursor records = log.read(SequenceRange.between(1, last))) {
      while (records.advance()) {
        byte[] record = RecordReader.bytesOf(records);
        digest.add(record);
        report("comparing the log", records.sequence(), last);
      }
    }
    return digest.hex();
  }

  private void report(String step, long done, long total) {
    if (done % RECORDS_PER_REPORT == 0 || done == total) {
      listener.progress(step, done, total, "records");
    }
  }
}
