package io.millrace.backend.flat;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rows in a map that is replaced by each write; outlives its closing. */
final class MapEngine implements FlatEngine {
  private volatile NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);

  @Override
  public byte @Nullable [] get(byte[] key) {
    return rows.get(key);
  }

  @Override
  public FlatWalk walk(byte[] from, byte[] to, boolean reverse) {
    return walk(rows, from, to, reverse);
  }

  private static FlatWalk walk(
      NavigableMap<byte[], byte[]> rows, byte[] from, byte[] to, boolean reverse) {
    NavigableMap<byte[], byte[]> part = rows.subMap(from, true, to, false);
    Iterator<Map.Entry<byte[], byte[]>> entries =
        (reverse ? part.descendingMap() : part).entrySet().iterator();
    return new FlatWalk() {
      private Map.@Nullable Entry<byte[], byte[]> row;

      @Override
      public boolean advance() {
        row = entries.hasNext() ? entries.next() : null;
        return row != null;
      }

      @Override
      public byte[] key() {
        return row == null ? new byte[0] : row.getKey();
      }

      @Override
      public byte[] value() {
        return row == null ? new byte[0] : row.getValue();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public FlatMoment moment() {
    NavigableMap<byte[], byte[]> then = rows;
    return new FlatMoment() {
      @Override
      public byte @Nullable [] get(byte[] key) {
        return then.get(key);
      }

      @Override
      public FlatWalk walk(byte[] from, byte[] to, boolean reverse) {
        return MapEngine.walk(then, from, to, reverse);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void write(List<FlatChange> changes) {
    NavigableMap<byte[], byte[]> next = new TreeMap<>(rows);
    for (FlatChange change : changes) {
      byte[] value = change.value();
      if (value == null) {
        next.remove(change.key());
      } else {
        next.put(change.key(), value);
      }
    }
    rows = next;
  }

  int size() {
    return rows.size();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
