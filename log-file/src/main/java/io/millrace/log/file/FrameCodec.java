package io.millrace.log.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Writes and checks frames. A frame is a record with 16 bytes before it, all big-endian:
 *
 * <pre>
 *  0  checksum   CRC-32C of everything after it, combined (exclusive or) with the segment's mask
 *  4  word       bit 31 set; bit 30: last record of its batch; bits 29, 28 clear; 27..0: length
 *  8  index      sequence of the record minus first sequence of the segment
 * 12  undurable  how many records just before this one were not known to be durable when it was
 *                written
 * 16  record
 * </pre>
 *
 * <p>For one thread at a time.
 */
final class FrameCodec {
  static final int HEADER_BYTES = 16;
  static final int WORD_AT = 4;
  static final int INDEX_AT = 8;
  static final int UNDURABLE_AT = 12;

  private static final int FRAME_BIT = 1 << 31;
  private static final int LAST_OF_BATCH_BIT = 1 << 30;
  private static final int LENGTH_BITS = (1 << 28) - 1;
  private static final int FIXED_BITS = ~(LAST_OF_BATCH_BIT | LENGTH_BITS);

  /** The longest frame there can be. */
  static final int LONGEST = HEADER_BYTES + LENGTH_BITS;

  private final CRC32C crc = new CRC32C();

  static long frameBytes(long recordBytes) {
    return HEADER_BYTES + recordBytes;
  }

  static boolean isFrame(int word) {
    return (word & FIXED_BITS) == FRAME_BIT;
  }

  static boolean isLastOfBatch(int word) {
    return (word & LAST_OF_BATCH_BIT) != 0;
  }

  static int recordBytes(int word) {
    return word & LENGTH_BITS;
  }

  /** Puts a whole frame, which must fit, into {@code out}. */
  void put(ByteBuffer out, byte[] record, boolean lastOfBatch, int index, int undurable, int mask) {
    int start = out.position();
    int end = start + HEADER_BYTES + record.length;
    out.putInt(start + WORD_AT, word(record.length, lastOfBatch));
    out.putInt(start + INDEX_AT, index);
    out.putInt(start + UNDURABLE_AT, undurable);
    out.position(start + HEADER_BYTES);
    out.put(record);
    int limit = out.limit();
    out.limit(end).position(start + WORD_AT);
    crc.reset();
    crc.update(out);
    out.limit(limit);
    out.putInt(start, (int) crc.getValue() ^ mask);
  }

  /** Puts the 16 bytes before {@code record} alone. */
  void putHeader(
      ByteBuffer out, byte[] record, boolean lastOfBatch, int index, int undurable, int mask) {
    int start = out.position();
    out.putInt(start + WORD_AT, word(record.length, lastOfBatch));
    out.putInt(start + INDEX_AT, index);
    out.putInt(start + UNDURABLE_AT, undurable);
    crc.reset();
    crc.update(out.duplicate().limit(start + HEADER_BYTES).position(start + WORD_AT));
    crc.update(record);
    out.putInt(start, (int) crc.getValue() ^ mask);
    out.position(start + HEADER_BYTES);
  }

  private static int word(int length, boolean lastOfBatch) {
    return FRAME_BIT | (lastOfBatch ? LAST_OF_BATCH_BIT : 0) | length;
  }

  /**
   * Whether the {@code length} bytes at {@code start} are the intact frame of the record with this
   * index. Moves the position and limit of {@code in}.
   */
  boolean isIntact(ByteBuffer in, int start, int length, int index, int mask) {
    int word = in.getInt(start + WORD_AT);
    if (!isFrame(word)
        || recordBytes(word) != length - HEADER_BYTES
        || in.getInt(start + INDEX_AT) != index) {
      return false;
    }
    crc.reset();
    in.limit(start + length).position(start + WORD_AT);
    crc.update(in);
    return ((int) crc.getValue() ^ mask) == in.getInt(start);
  }
}
