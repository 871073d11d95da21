package io.millrace.view.index;

import io.millrace.api.error.CorruptionException;
import org.jspecify.annotations.Nullable;

/** How many rows, bytes and errors an index has, while a batch is made. For one thread. */
final class RowTotals {
  private long rows;
  private long bytes;
  private long errors;

  /** The totals that are stored, or those of an empty index. */
  static RowTotals read(byte @Nullable [] stored) {
    RowTotals totals = new RowTotals();
    if (stored != null) {
      try {
        ByteSource source = new ByteSource(stored);
        totals.rows = source.readVarint();
        totals.bytes = source.readVarint();
        totals.errors = source.readVarint();
      } catch (ArrayIndexOutOfBoundsException e) {
        throw new CorruptionException("row index", "the totals are cut short", e);
      }
    }
    return totals;
  }

  byte[] write() {
    ByteSink stored = new ByteSink(16);
    stored.putVarint(rows);
    stored.putVarint(bytes);
    stored.putVarint(errors);
    return stored.toArray();
  }

  /** Whether the index is empty. */
  boolean areZero() {
    return rows == 0 && bytes == 0 && errors == 0;
  }

  long rows() {
    return rows;
  }

  long bytes() {
    return bytes;
  }

  long errors() {
    return errors;
  }

  /** Counts rows that came, or went when the numbers are negative. */
  void countRows(long more, long moreBytes) {
    rows += more;
    bytes += moreBytes;
  }

  /** Counts errors that came or went. */
  void countErrors(long more) {
    errors += more;
  }
}
