package io.millrace.view.index;

import java.util.Arrays;

/**
 * Reads what a {@link ByteSink} wrote. Reading beyond the end throws {@link
 * ArrayIndexOutOfBoundsException}. For one thread.
 */
final class ByteSource {
  private final byte[] bytes;
  private int at;

  ByteSource(byte[] bytes) {
    this.bytes = bytes;
  }

  int position() {
    return at;
  }

  int read() {
    return bytes[at++];
  }

  long readVarint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = bytes[at++];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  /** A length that fits into what is left. */
  int readLength() {
    long length = readVarint();
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw new ArrayIndexOutOfBoundsException("a length of " + length);
    }
    return (int) length;
  }

  byte[] read(int count) {
    if (count > bytes.length - at) {
      throw new ArrayIndexOutOfBoundsException(count + " bytes are not left");
    }
    byte[] copy = Arrays.copyOfRange(bytes, at, at + count);
    at += count;
    return copy;
  }

  /** Puts the next {@code count} bytes into {@code into} at {@code start}. */
  void read(byte[] into, int start, int count) {
    System.arraycopy(bytes, at, into, start, count);
    at += count;
  }

  byte[] rest() {
    return read(bytes.length - at);
  }
}
