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
 */
record SegmentFooter(Kind kind, long end, long nextSequence) {
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

  ByteBuffer encode(int mask) {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putInt(KIND_AT, kind.code);
    bytes.putLong(END_AT, end);
    bytes.putLong(NEXT_SEQUENCE_AT, nextSequence);
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
        return new SegmentFooter(kind, position, bytes.getLong(NEXT_SEQUENCE_AT));
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
