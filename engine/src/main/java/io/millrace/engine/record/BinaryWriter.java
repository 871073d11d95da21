package io.millrace.engine.record;

import io.millrace.api.document.Revision;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Gathers bytes: fixed numbers big-endian, others as base-128 varints, lowest group first. For one
 * thread.
 */
public final class BinaryWriter {
  private byte[] bytes;
  private int length;

  public BinaryWriter(int expectedBytes) {
    bytes = new byte[Math.max(16, expectedBytes)];
  }

  /** Adds one byte. */
  public BinaryWriter octet(int value) {
    ensure(1);
    bytes[length++] = (byte) value;
    return this;
  }

  /** Adds a number of 0 or more in 1 to 9 bytes. */
  public BinaryWriter varint(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative: " + value);
    }
    ensure(9);
    long rest = value;
    while (rest > 0x7f) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  /** Adds 4 bytes. */
  public BinaryWriter int32(int value) {
    ensure(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
    return this;
  }

  /** Adds 8 bytes. */
  public BinaryWriter int64(long value) {
    ensure(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
    return this;
  }

  /** Adds bytes as they are. */
  public BinaryWriter raw(byte[] value) {
    ensure(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
    return this;
  }

  /** Adds the length as a varint, then the bytes. */
  public BinaryWriter sized(byte[] value) {
    return varint(value.length).raw(value);
  }

  /** Adds a text in UTF-8, its length in bytes before it. */
  public BinaryWriter text(String value) {
    return sized(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds the 16 bytes of a revision's digest. */
  public BinaryWriter digest(Revision revision) {
    return int64(revision.digestHigh()).int64(revision.digestLow());
  }

  /** Everything added so far. */
  public byte[] toBytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, more)));
    }
  }
}
