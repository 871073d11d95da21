package io.millrace.engine.replication;

import io.millrace.api.document.CommitDigest;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.CommitChain;
import io.millrace.engine.record.CommitHeader;
import io.millrace.engine.record.LogRecord;
import org.jspecify.annotations.Nullable;

/** Finds and recognises places in the log. Safe for use by many threads. */
final class Anchors {
  private final EngineLog log;

  /** What was found last: at the end of the log, the same place is asked for again and again. */
  private volatile Place found = new Place(0, Anchor.START, 0);

  /** The digest that was computed last, which takes as long as its commit is large. */
  private volatile Anchor computed = Anchor.START;

  Anchors(EngineLog log) {
    this.log = log;
  }

  /**
   * A place in the log.
   *
   * @param sequence the place
   * @param anchor the last one at or before it
   * @param timeMillis when the commit was written that it lies in; 0 before the first one
   */
  record Place(long sequence, Anchor anchor, long timeMillis) {}

  /** What is known of {@code sequence}, which can be read, or is 0. */
  Place at(long sequence) {
    Place last = found;
    if (last.sequence() == sequence) {
      return last;
    }
    if (sequence == 0) {
      return new Place(0, Anchor.START, 0);
    }
    Extent commit = commitAt(sequence);
    Anchor anchor =
        commit.end() == sequence
            ? new Anchor(sequence, digest(commit))
            : new Anchor(commit.first() - 1, commit.header().previous());
    Place place = new Place(sequence, anchor, commit.header().timeMillis());
    found = place;
    return place;
  }

  /** The end of the commit that {@code sequence} lies in, which is durable; 0 is the beginning. */
  Anchor through(long sequence) {
    Place last = found;
    if (sequence == 0 || last.sequence() == sequence && last.anchor().sequence() == sequence) {
      return sequence == 0 ? Anchor.START : last.anchor();
    }
    Extent commit = commitAt(sequence);
    return new Anchor(commit.end(), digest(commit));
  }

  /**
   * Whether {@code anchor} is a place in this log.
   *
   * @param since the last sequence that can be read
   */
  boolean recognises(Anchor anchor, long since) {
    if (anchor.equals(Anchor.START)) {
      return true;
    }
    if (anchor.sequence() < 1 || anchor.sequence() > since) {
      return false;
    }
    Extent commit = commitAt(anchor.sequence());
    return commit.end() == anchor.sequence() && digest(commit).equals(anchor.digest());
  }

  private record Extent(long first, CommitHeader header) {
    long end() {
      return first + header.records() - 1;
    }
  }

  private Extent commitAt(long sequence) {
    LogRecord record = log.record(sequence);
    long first = sequence - record.index();
    return new Extent(first, header(first, record.header() == null ? null : record));
  }

  private CommitHeader header(long first, @Nullable LogRecord known) {
    CommitHeader header = (known == null ? log.record(first) : known).header();
    if (header == null) {
      throw new CorruptionException(
          "log record " + first, "the first record of a commit was expected");
    }
    return header;
  }

  /** The digest of a commit: the next one names it; that of the last one must be computed. */
  private CommitDigest digest(Extent commit) {
    if (commit.end() < log.durableSequence()) {
      return header(commit.end() + 1, null).previous();
    }
    Anchor last = computed;
    if (last.sequence() == commit.end()) {
      return last.digest();
    }
    CommitChain chain = new CommitChain();
    try (LogCursor records = log.read(SequenceRange.between(commit.first(), commit.end()))) {
      while (records.advance()) {
        chain.add(records.sequence(), RecordReader.bytesOf(records));
      }
    }
    CommitDigest digest = chain.end();
    computed = new Anchor(commit.end(), digest);
    return digest;
  }
}
