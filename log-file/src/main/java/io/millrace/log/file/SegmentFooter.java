package io.millrace.log.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The last bytes of a segment that was finished in order: everything before it is durable, so
 * whatever does not check is damage and no torn tail.
 *
 * @param end the position of the footer, which is where the last frame ends
 * @param nextSequence the sequence that follows the last record
 * @param rewritings how often records of the segment were changed after it was finished
 */
record SegmentFooter(Kind kind, long end, long nextSequence, long rewritings) {
  static final int BYTES = 32;

  /** Why the segment ends. */
  enum Kind {
    /** The log was closed; if this is the last segment, appending goes on in it. */
    CLOSED(1),
    /** Another segment follows. */
    ROLLED(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  private static final int KIND_AT = 4;
  private static final int END_AT = 8;
  private static final int NEXT_SEQUENCE_AT = 16;
  private static final int REWRITINGS_AT = 24;

  /** The footer of a segment whose records are as they were written. */
  SegmentFooter(Kind kind, long end, long nextSequence) {
    this(kind, end, nextSequence, 0);
  }

  /** The footer after another rewriting, with which the last frame ends at {@code newEnd}. */
  SegmentFooter rewritten(long newEnd) {
    return new SegmentFooter(kind, newEnd, nextSequence, rewritings + 1);
  }

  ByteBuffer encode(int mask) {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putInt(KIND_AT, kind.code);
    bytes.putLong(END_AT, end);
    bytes.putLong(NEXT_SEQUENCE_AT, nextSequence);
    bytes.putLong(REWRITINGS_AT, rewritings);
    bytes.putInt(0, checksum(bytes) ^ mask);
    return bytes;
  }

  /**
   * Reads a footer.
   *
   * @param bytes the last bytes of the file
   * @param position where they begin
   * @return null when they are no intact footer of this segment
   */
  static @Nullable SegmentFooter decode(ByteBuffer bytes, long position, int mask) {
    if (bytes.getInt(0) != (checksum(bytes) ^ mask) || bytes.getLong(END_AT) != position) {
      return null;
    }
    for (Kind kind : Kind.values()) {
      if (kind.code == bytes.getInt(KIND_AT)) {
        return new SegmentFooter(
            kind, position, bytes.getLong(NEXT_SEQUENCE_AT), bytes.getLong(REWRITINGS_AT));
      }
    }
    return null;
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().limit(BYTES).position(KIND_AT));
    return (int) crc.getValue();
  }
}
