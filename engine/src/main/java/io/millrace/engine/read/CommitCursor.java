package io.millrace.engine.read;

import io.millrace.api.CommitFilter;
import io.millrace.api.document.Commit;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.log.NearbyRecords;
import io.millrace.engine.log.RecordReader;
import org.jspecify.annotations.Nullable;

/** A walk over commits, from one to the next without a look at the changes in between. */
final class CommitCursor implements Cursor<Commit> {
  /** Which commits there are. */
  interface Source extends AutoCloseable {
    /** The nearest sequence of a commit, {@code at} or beyond it in the direction; 0 for none. */
    long seek(long at);

    @Override
    void close();
  }

  /** Every sequence is that of a commit. */
  static final class Everything implements Source {
    @Override
    public long seek(long at) {
      return at;
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  private final Source source;
  private final RecordReader records;
  private final NearbyRecords nearby;
  private final SequenceRange range;
  private final CommitFilter filter;
  private long remaining;
  private long at;
  private boolean begun;
  private @Nullable Commit current;

  /**
   * @param range which ends where reading does
   */
  CommitCursor(Source source, RecordReader records, SequenceRange range, CommitFilter filter) {
    this.source = source;
    this.records = records;
    this.nearby = records.nearby();
    this.range = range;
    this.filter = filter;
    this.remaining = range.isEmpty() ? 0 : range.limit();
  }

  @Override
  public boolean advance() {
    current = null;
    while (remaining > 0) {
      Commit commit = next();
      if (commit == null) {
        remaining = 0;
      } else if (range.contains(commit.last()) && filter.accepts(commit)) {
        current = commit;
        remaining--;
        return true;
      }
    }
    return false;
  }

  private @Nullable Commit next() {
    boolean reverse = range.reverse();
    if (!begun) {
      begun = true;
      // The range may begin within a commit, whose other sequences are the source's.
      Commit first = commitOf(reverse ? range.last() : range.first());
      at = reverse ? first.last() : first.first();
    }
    if (reverse ? at < range.first() : at > range.last()) {
      return null;
    }
    long found = source.seek(at);
    if (found == 0) {
      return null;
    }
    Commit commit = commitOf(found);
    at = reverse ? commit.first() - 1 : commit.last() + 1;
    return commit;
  }

  private Commit commitOf(long sequence) {
    return records.commitOf(sequence, nearby.record(sequence));
  }

  @Override
  public Commit current() {
    if (current == null) {
      throw new IllegalStateException("not on a commit");
    }
    return current;
  }

  @Override
  public void close() {
    nearby.close();
    source.close();
  }
}
