package io.millrace.log.file;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Incarnation;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first bytes of a segment.
 *
 * @param firstSequence the sequence of the first record
 * @param mask the checksum of the header, combined with that of everything else in the segment, so
 *     that bytes from another segment or another log are never taken for this one's
 */
record SegmentHeader(Incarnation incarnation, long firstSequence, int mask) {
  static final int BYTES = 64;
  static final int VERSION = 1;
  private static final int OLDEST_VERSION = 1;

  /** {@code MRLOG}, then what a transfer as text would change. */
  private static final long MAGIC = 0x4D52_4C4F_470D_0A1AL;

  private static final int VERSION_AT = 8;
  private static final int VERSION_CHECKSUM_AT = 12;
  private static final int INCARNATION_AT = 16;
  private static final int FIRST_SEQUENCE_AT = 32;
  private static final int CHECKSUM_AT = 60;

  static SegmentHeader of(Incarnation incarnation, long firstSequence) {
    return new SegmentHeader(
        incarnation, firstSequence, encode(incarnation, firstSequence).getInt(CHECKSUM_AT));
  }

  ByteBuffer encode() {
    return encode(incarnation, firstSequence);
  }

  private static ByteBuffer encode(Incarnation incarnation, long firstSequence) {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(0, MAGIC);
    bytes.putInt(VERSION_AT, VERSION);
    bytes.putInt(VERSION_CHECKSUM_AT, checksum(bytes, VERSION_CHECKSUM_AT));
    UUID id = incarnation.id();
    bytes.putLong(INCARNATION_AT, id.getMostSignificantBits());
    bytes.putLong(INCARNATION_AT + Long.BYTES, id.getLeastSignificantBits());
    bytes.putLong(FIRST_SEQUENCE_AT, firstSequence);
    bytes.putInt(CHECKSUM_AT, checksum(bytes, CHECKSUM_AT));
    return bytes;
  }

  /**
   * Reads a header.
   *
   * @param bytes from the start of the file, possibly fewer than a header has
   * @throws UnsupportedException when a version of Millrace wrote it that this one does not know;
   *     the checksum of magic and version, at the same place in every version, tells this from
   *     damage
   */
  static SegmentHeader decode(Path file, ByteBuffer bytes) {
    if (bytes.limit() < INCARNATION_AT || bytes.getLong(0) != MAGIC) {
      throw damaged(file, "not a segment of a log: the magic number is missing");
    }
    if (bytes.getInt(VERSION_CHECKSUM_AT) != checksum(bytes, VERSION_CHECKSUM_AT)) {
      throw damaged(file, "the checksum of the format version does not match");
    }
    int version = bytes.getInt(VERSION_AT);
    if (version > VERSION) {
      throw new UnsupportedException(
          "format-too-new", versionMessage(file, version) + "; use a newer Millrace");
    }
    if (version < OLDEST_VERSION) {
      throw new UnsupportedException(
          "format-too-old", versionMessage(file, version) + "; convert it with an older Millrace");
    }
    if (bytes.limit() < BYTES || bytes.getInt(CHECKSUM_AT) != checksum(bytes, CHECKSUM_AT)) {
      throw damaged(file, "the checksum of the header does not match");
    }
    UUID id = new UUID(bytes.getLong(INCARNATION_AT), bytes.getLong(INCARNATION_AT + Long.BYTES));
    return new SegmentHeader(
        new Incarnation(id), bytes.getLong(FIRST_SEQUENCE_AT), bytes.getInt(CHECKSUM_AT));
  }

  private static String versionMessage(Path file, int version) {
    return file
        + " has format version "
        + version
        + ", and this Millrace reads "
        + OLDEST_VERSION
        + " to "
        + VERSION;
  }

  private static CorruptionException damaged(Path file, String what) {
    return new CorruptionException(Place.in(file, 0), what);
  }

  private static int checksum(ByteBuffer bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().limit(length).position(0));
    return (int) crc.getValue();
  }
}
