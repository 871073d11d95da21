package io.millrace.view.index;

import java.util.Arrays;

/** Bytes that grow at their end. For one thread. */
final class ByteSink {
  private byte[] bytes;
  private int length;

  ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  void put(int value) {
    if (length == bytes.length) {
      grow(1);
    }
    bytes[length++] = (byte) value;
  }

  void put(byte[] from, int start, int end) {
    int count = end - start;
    if (count > bytes.length - length) {
      grow(count);
    }
    System.arraycopy(from, start, bytes, length, count);
    length += count;
  }

  void put(byte[] from) {
    put(from, 0, from.length);
  }

  /** Eight bytes, big-endian. */
  void putLong(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      put((int) (value >>> shift));
    }
  }

  /** Seven bits a byte, lowest first, the top bit set on all but the last. */
  void putVarint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      put((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    put((int) rest);
  }

  /** Flips all bits from {@code start} on. */
  void complementFrom(int start) {
    for (int i = start; i < length; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
  }

  /** The bytes from {@code start} to {@code end}, copied. */
  byte[] copy(int start, int end) {
    return Arrays.copyOfRange(bytes, start, end);
  }

  /** What holds the bytes, the first {@link #length} of it; not a copy, until the next change. */
  byte[] array() {
    return bytes;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** Compares two stretches of this sink as unsigned bytes. */
  int compare(int start, int end, int otherStart, int otherEnd) {
    return Arrays.compareUnsigned(bytes, start, end, bytes, otherStart, otherEnd);
  }

  /** Overwrites what stands from {@code start} on. */
  void replace(int start, byte[] with) {
    System.arraycopy(with, 0, bytes, start, with.length);
  }

  private void grow(int needed) {
    int least = Math.addExact(length, needed);
    bytes = Arrays.copyOf(bytes, Math.max(least, (int) Math.min(2L * bytes.length, 1 << 30)));
  }
}
