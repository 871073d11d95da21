package io.millrace.view.index;

import io.millrace.api.error.CorruptionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is kept for each document that has rows or an error: enough to take its rows out again.
 *
 * <p>The collated keys of the rows stand in the order of their ordinals, each without what it
 * shares with the one before it.
 */
final class RowList {
  private static final int ROWS = 0;
  private static final int FAILED = 1;
  private static final byte[] ERROR_LIST = {FAILED};

  private RowList() {}

  /** The entry of a document that failed. */
  static byte[] ofError() {
    return ERROR_LIST.clone();
  }

  /** Whether the entry is that of a document that failed. */
  static boolean isError(byte[] list) {
    return list.length > 0 && list[0] == FAILED;
  }

  /**
   * The entry of a document with {@code rows}.
   *
   * @param bytes of all the keys and values of the rows
   */
  static byte[] of(List<IndexRow> rows, long bytes) {
    ByteSink list = new ByteSink(16 + rows.get(0).collated().length);
    list.put(ROWS);
    list.putVarint(bytes);
    list.putVarint(rows.size());
    byte[] previous = {};
    for (IndexRow row : rows) {
      byte[] collated = row.collated();
      int mismatch = Arrays.mismatch(previous, collated);
      int shared = mismatch < 0 ? collated.length : mismatch;
      list.putVarint(shared);
      list.putVarint(collated.length - shared);
      list.put(collated, shared, collated.length);
      previous = collated;
    }
    return list.toArray();
  }

  /** What an entry of rows says. */
  record Rows(long bytes, List<byte[]> collated) {}

  /** Reads an entry of rows. */
  static Rows read(byte[] list) {
    try {
      ByteSource source = new ByteSource(list);
      source.read();
      long bytes = source.readVarint();
      int count = source.readLength();
      List<byte[]> keys = new ArrayList<>(Math.min(count, list.length));
      byte[] previous = {};
      for (int i = 0; i < count; i++) {
        int shared = source.readLength();
        int more = source.readLength();
        if (shared > previous.length || more > list.length) {
          throw new CorruptionException("row index", "a list of rows is damaged");
        }
        byte[] key = Arrays.copyOf(previous, shared + more);
        source.read(key, shared, more);
        keys.add(key);
        previous = key;
      }
      return new Rows(bytes, keys);
    } catch (IndexOutOfBoundsException e) {
      throw new CorruptionException("row index", "a list of rows is cut short", e);
    }
  }

  /** Whether two entries of rows name the same keys, whatever the sizes of the values. */
  static boolean sameKeys(byte[] left, byte[] right) {
    int leftStart = keysStart(left);
    int rightStart = keysStart(right);
    return Arrays.equals(left, leftStart, left.length, right, rightStart, right.length);
  }

  private static int keysStart(byte[] list) {
    ByteSource source = new ByteSource(list);
    source.read();
    source.readVarint();
    return source.position();
  }
}
