package io.millrace.log.file;

import java.util.Arrays;

/**
 * The table of a segment that is being written or scanned.
 *
 * <p>One thread adds. Others may ask for what they learned of through a volatile read that followed
 * the adding, as with the log's {@code since}.
 */
final class GrowingPositions implements Positions {
  private static final int CHUNK_SHIFT = 14;
  private static final int CHUNK = 1 << CHUNK_SHIFT;

  private int[][] chunks = new int[16][];
  private int size;

  /** An empty table, whose first frame will begin at {@code start}. */
  GrowingPositions(long start) {
    add(start);
  }

  /** Adds the end of the next frame. */
  void add(long position) {
    int chunk = size >>> CHUNK_SHIFT;
    if (chunk == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * chunks.length);
    }
    if (chunks[chunk] == null) {
      chunks[chunk] = new int[CHUNK];
    }
    chunks[chunk][size & (CHUNK - 1)] = (int) position;
    size++;
  }

  /** Forgets all but the first {@code records}. */
  void cutTo(int records) {
    size = records + 1;
  }

  /** The number of records. */
  int records() {
    return size - 1;
  }

  /** The end of the last frame. */
  long end() {
    return position(size - 1);
  }

  @Override
  public long position(int index) {
    return Integer.toUnsignedLong(chunks[index >>> CHUNK_SHIFT][index & (CHUNK - 1)]);
  }
}
