package io.millrace.view.reduce;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow at their end. For one thread. */
final class ByteWriter {
  private byte[] bytes;
  private int length;

  ByteWriter(int capacity) {
    bytes = new byte[capacity];
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  void put(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  void put(byte[] from) {
    put(from, 0);
  }

  void put(byte[] from, int start) {
    int count = from.length - start;
    reserve(count);
    System.arraycopy(from, start, bytes, length, count);
    length += count;
  }

  /** Seven bits a byte, lowest first, the top bit set on all but the last. */
  void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      put((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    put((int) rest);
  }

  /** The length of a text in UTF-8, and the text. */
  void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    varint(utf8.length);
    put(utf8);
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  private void reserve(int count) {
    if (count > bytes.length - length) {
      int least = Math.addExact(length, count);
      bytes = Arrays.copyOf(bytes, Math.max(least, (int) Math.min(2L * bytes.length, 1 << 30)));
    }
  }
}
