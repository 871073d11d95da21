package io.millrace.backend.leveldb;

import java.nio.ByteBuffer;

/** The numbers of LevelDB's files: seven bits a byte, the lowest first. */
final class Varint {
  private Varint() {}

  /**
   * Reads the next one.
   *
   * @throws java.nio.BufferUnderflowException when it does not end
   * @throws IllegalArgumentException when it is too long
   */
  static long read(ByteBuffer from) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = from.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number is too long");
  }
}
