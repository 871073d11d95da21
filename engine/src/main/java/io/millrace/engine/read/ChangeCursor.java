package io.millrace.engine.read;

import io.millrace.api.ActivityFilter;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.Commit;
import io.millrace.api.range.Cursor;
import io.millrace.engine.log.NearbyRecords;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Turns sequences into changes, with the commits that they belong to, and filters them. */
final class ChangeCursor implements Cursor<Change> {
  /** Where the sequences come from. */
  interface Source extends AutoCloseable {
    /** The next sequence; 0 at the end. */
    long next();

    /**
     * The record that {@link #next()} moved to, when the source has it; null when it must be read.
     */
    default @Nullable LogRecord record() {
      return null;
    }

    @Override
    void close();
  }

  private final Source source;
  private final RecordReader records;
  private final NearbyRecords nearby;
  private final IntFunction<String> bucketNames;
  private final ActivityFilter filter;
  private long remaining;
  private @Nullable Change current;
  private @Nullable Commit commit;

  ChangeCursor(
      Source source,
      RecordReader records,
      IntFunction<String> bucketNames,
      ActivityFilter filter,
      long limit) {
    this.source = source;
    this.records = records;
    this.nearby = records.nearby();
    this.bucketNames = bucketNames;
    this.filter = filter;
    this.remaining = limit;
  }

  @Override
  public boolean advance() {
    current = null;
    while (remaining > 0) {
      long sequence = source.next();
      if (sequence == 0) {
        remaining = 0;
        return false;
      }
      LogRecord known = source.record();
      LogRecord record = known == null ? nearby.record(sequence) : known;
      Change change = change(sequence, record);
      if (change != null && filter.accepts(change)) {
        current = change;
        remaining--;
        return true;
      }
    }
    return false;
  }

  private @Nullable Change change(long sequence, LogRecord record) {
    StoredChange stored = record.change();
    if (stored == null) {
      return null;
    }
    Commit its = commit;
    if (its == null || sequence < its.first() || sequence > its.last()) {
      its = records.commitOf(sequence, record);
      commit = its;
    }
    return new Change(
        sequence,
        bucketNames.apply(stored.bucket()),
        stored.id(),
        stored.revision(),
        stored.parent(),
        stored.deleted(),
        its,
        filter.bodies() && stored.forgotten() == null ? Body.ofCheckedJson(stored.body()) : null,
        stored.forgotten() != null);
  }

  @Override
  public Change current() {
    if (current == null) {
      throw new IllegalStateException("not on a change");
    }
    return current;
  }

  @Override
  public void close() {
    nearby.close();
    source.close();
  }
}
