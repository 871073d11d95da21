package io.millrace.engine.record;

import io.millrace.api.document.Revision;
import io.millrace.api.error.CorruptionException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link BinaryWriter} wrote. Never reads beyond the end, whatever the bytes say: what
 * does not fit is reported as corruption. For one thread.
 */
public final class BinaryReader {
  private final String place;
  private final byte[] bytes;
  private int at;

  /**
   * @param place where the bytes come from, for messages
   */
  public BinaryReader(String place, byte[] bytes) {
    this.place = place;
    this.bytes = bytes;
  }

  /** One byte, 0 to 255. */
  public int octet() {
    require(1);
    return bytes[at++] & 0xff;
  }

  /** A number of 0 or more. */
  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int group = octet();
      value |= (long) (group & 0x7f) << shift;
      if (group < 0x80) {
        return value;
      }
    }
    throw damaged("a number has too many bytes");
  }

  /** A number from 0 to {@code most}. */
  public int count(int most) {
    long value = varint();
    if (value > most) {
      throw damaged(value + " where at most " + most + " is possible");
    }
    return (int) value;
  }

  /** 4 bytes. */
  public int int32() {
    require(4);
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value = value << 8 | bytes[at++] & 0xff;
    }
    return value;
  }

  /** 8 bytes. */
  public long int64() {
    return (long) int32() << 32 | int32() & 0xffffffffL;
  }

  /** A text with its length before it. */
  public String text() {
    int length = count(Integer.MAX_VALUE);
    require(length);
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  /** A revision of {@code generation}, whose digest comes next. */
  public Revision revision(int generation) {
    if (generation < 1) {
      throw damaged("a generation of " + generation);
    }
    return new Revision(generation, int64(), int64());
  }

  /** The next {@code length} bytes. */
  public byte[] raw(int length) {
    require(length);
    byte[] raw = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return raw;
  }

  /** How many bytes were read. */
  public int position() {
    return at;
  }

  /** All that is left. */
  public byte[] rest() {
    byte[] rest = Arrays.copyOfRange(bytes, at, bytes.length);
    at = bytes.length;
    return rest;
  }

  /** How many bytes are left. */
  public int remaining() {
    return bytes.length - at;
  }

  /** The exception that says what is wrong with these bytes. */
  public CorruptionException damaged(String what) {
    return new CorruptionException(place, what + " at byte " + at);
  }

  private void require(int more) {
    if (bytes.length - at < more) {
      throw damaged("the bytes end early");
    }
  }
}
