package io.millrace.tck.store;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreCursor;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Walks over a sorted map by asking for the next key. */
final class ReferenceCursor implements StoreCursor {
  private final TreeMap<byte[], byte[]> rows;
  private final KeyRange range;
  private final Runnable check;
  private Map.@Nullable Entry<byte[], byte[]> row;
  private boolean begun;
  private boolean ended;
  private boolean closed;

  /**
   * @param check throws when what is read is closed
   */
  ReferenceCursor(TreeMap<byte[], byte[]> rows, KeyRange range, Runnable check) {
    this.rows = rows;
    this.range = range;
    this.check = check;
  }

  @Override
  public boolean advance() {
    check.run();
    if (closed) {
      throw new UnavailableException("cursor-closed", "closed");
    }
    row = ended ? null : next();
    begun = true;
    ended = row == null || !range.contains(row.getKey());
    row = ended ? null : row;
    return !ended;
  }

  private Map.@Nullable Entry<byte[], byte[]> next() {
    byte[] to = range.to();
    if (range.reverse()) {
      if (begun) {
        return rows.lowerEntry(key());
      }
      return to == null ? rows.lastEntry() : rows.lowerEntry(to);
    }
    return begun ? rows.higherEntry(key()) : rows.ceilingEntry(range.from());
  }

  @Override
  public byte[] key() {
    return current(row).getKey().clone();
  }

  @Override
  public byte[] current() {
    return current(row).getValue().clone();
  }

  private static Map.Entry<byte[], byte[]> current(Map.@Nullable Entry<byte[], byte[]> candidate) {
    if (candidate == null) {
      throw new IllegalStateException("not on a row");
    }
    return candidate;
  }

  @Override
  public void close() {
    closed = true;
  }
}
