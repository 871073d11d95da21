package io.millrace.engine.maintenance;

import io.millrace.api.LogVerification;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.ChainFollower;
import io.millrace.engine.record.CommitHeader;
import io.millrace.engine.record.LogRecord;
import org.jspecify.annotations.Nullable;

/** Proves that commits are what they were when they were written. For one thread. */
public final class LogProof {
  private final EngineLog log;

  public LogProof(EngineLog log) {
    this.log = log;
  }

  /**
   * Verifies all commits from the one with the sequence {@code from} to the one with {@code to}.
   *
   * @param last the last sequence that can be read
   * @param noted the digest that the last commit must have; null when none was noted
   * @throws NotFoundException when there are no such sequences
   */
  public LogVerification verify(long from, long to, long last, @Nullable CommitDigest noted) {
    if (from < 1 || to < from || to > last) {
      throw new NotFoundException(
          "unknown-target",
          "there are no sequences from " + from + " to " + to + "; the last is " + last);
    }
    long first = firstOf(from);
    long lastFirst = firstOf(to);
    long end = lastFirst + header(lastFirst).records() - 1;
    ChainFollower follower = new ChainFollower(header(first).previous());
    try (LogCursor records = log.read(SequenceRange.between(first, end))) {
      while (records.advance()) {
        byte[] bytes = RecordReader.bytesOf(records);
        long at = records.sequence();
        String wrong = follower.accept(at, LogRecord.decode(at, bytes), bytes);
        if (wrong != null) {
          return new LogVerification(first, end, follower.commits(), null, at, wrong);
        }
      }
    } catch (CorruptionException e) {
      return new LogVerification(first, end, follower.commits(), null, null, e.getMessage());
    }
    CommitDigest digest = follower.last();
    String wrong = digest == null ? "it lacks records" : wrongEnd(digest, end, last, noted);
    return wrong == null
        ? new LogVerification(first, end, follower.commits(), digest, null, null)
        : new LogVerification(first, end, follower.commits(), digest, end, wrong);
  }

  private @Nullable String wrongEnd(
      CommitDigest digest, long end, long last, @Nullable CommitDigest noted) {
    if (noted != null && !noted.equals(digest)) {
      return "the commit that ends there has the digest " + digest + ", not " + noted;
    }
    CommitDigest named = end == last ? digest : header(end + 1).previous();
    return named.equals(digest)
        ? null
        : "the commit that ends there has the digest "
            + digest
            + ", and the next one names "
            + named;
  }

  private long firstOf(long sequence) {
    return sequence - log.record(sequence).index();
  }

  private CommitHeader header(long first) {
    CommitHeader header = log.record(first).header();
    if (header == null) {
      throw new CorruptionException(
          "log record " + first, "the first record of a commit was expected");
    }
    return header;
  }
}
