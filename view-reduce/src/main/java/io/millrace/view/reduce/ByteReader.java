package io.millrace.view.reduce;

import io.millrace.api.error.CorruptionException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Reads what a {@link ByteWriter} wrote; what is cut short is corrupt. For one thread. */
final class ByteReader {
  private final byte[] bytes;
  private final String what;
  private int at;

  /**
   * A reader at the beginning.
   *
   * @param what is read, for messages
   */
  ByteReader(byte[] bytes, String what) {
    this.bytes = bytes;
    this.what = what;
  }

  boolean atEnd() {
    return at == bytes.length;
  }

  int read() {
    if (at == bytes.length) {
      throw new CorruptionException(what, "it is cut short");
    }
    return bytes[at++];
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int b = read();
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new CorruptionException(what, "a number in it has no end");
  }

  /** A number of things of which each takes a byte at least. */
  int count() {
    long count = varint();
    if (count < 0 || count > bytes.length - at) {
      throw new CorruptionException(what, "it is cut short");
    }
    return (int) count;
  }

  String text() {
    return text(count());
  }

  /** A number that was written as text. */
  BigDecimal number() {
    String text = text();
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new CorruptionException(what, "a number in it is none", e);
    }
  }

  /** The text up to the end. */
  String rest() {
    return text(bytes.length - at);
  }

  private String text(int length) {
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }
}
