package io.millrace.engine.maintenance;

import io.millrace.api.document.CommitDigest;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.maintenance.CheckReport.LogContent;
import io.millrace.engine.maintenance.Finding.Severity;
import io.millrace.engine.record.ChainFollower;
import io.millrace.engine.record.LogRecord;

/** Reads a whole log, around the damage in it, and looks at every record. For one thread. */
final class LogCheck {
  private static final int RECORDS_PER_REPORT = 10_000;

  private final Log log;
  private final Findings findings;
  private final ProgressListener listener;
  private final CommitCheck commits;
  private final ChainFollower chain = new ChainFollower(CommitDigest.NONE);
  private final ContentDigest digest = new ContentDigest();
  private long records;

  LogCheck(Log log, Findings findings, ProgressListener listener) {
    this.log = log;
    this.findings = findings;
    this.listener = listener;
    this.commits = new CommitCheck(findings);
  }

  LogContent run() {
    long last = log.since().value();
    long next = 1;
    while (next <= last) {
      next = readFrom(next, last);
    }
    commits.end(last);
    return new LogContent(
        last, records, commits.commits(), commits.foreign(), records == last ? digest.hex() : null);
  }

  /** Reads up to the next damage, and passes it; returns where to go on. */
  private long readFrom(long first, long last) {
    long next = first;
    try (LogCursor cursor = log.read(SequenceRange.between(first, last))) {
      while (cursor.advance()) {
        byte[] record = RecordReader.bytesOf(cursor);
        next = cursor.sequence() + 1;
        accept(cursor.sequence(), record);
        report(cursor.sequence(), last);
      }
      if (next <= last) {
        findings.add(
            Severity.LOST,
            "the log",
            "it ends before record " + next + "; " + last + " is its last");
        findings.lost(next, last);
      }
      return last + 1;
    } catch (CorruptionException e) {
      damaged(next, e);
      return next + 1;
    }
  }

  private void damaged(long sequence, MillraceException e) {
    findings.add(
        Severity.LOST, "log record " + sequence, e, "; only a backup has record " + sequence);
    findings.lost(sequence, sequence);
    commits.gap();
    chain.gap();
  }

  private void accept(long sequence, byte[] bytes) {
    try {
      LogRecord record = LogRecord.decode(sequence, bytes);
      records++;
      digest.add(bytes);
      commits.accept(sequence, record);
      String altered = chain.accept(sequence, record, bytes);
      if (altered != null) {
        findings.add(Severity.LOST, "log record " + sequence, altered);
      }
    } catch (CorruptionException | UnsupportedException e) {
      damaged(sequence, e);
    }
  }

  private void report(long done, long total) {
    if (done % RECORDS_PER_REPORT == 0 || done == total) {
      listener.progress("reading the log", done, total, "records");
    }
  }
}
