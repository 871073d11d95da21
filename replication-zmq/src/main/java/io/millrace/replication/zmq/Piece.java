package io.millrace.replication.zmq;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What travels as one message of ZeroMQ. Numbers are big-endian.
 *
 * <pre>
 * WELCOME kind:1 version:1 zstd:1 window:4           the listening side, at once
 * OPEN    kind:1 version:1 zstd:1 window:4 number:4  the other side's answer; everything after it
 *                                                    has the number that it chose
 * FIRST   kind:1 number:4 form:1 packed:4 raw:4 ...  the beginning of a frame of `packed` bytes
 * MORE    kind:1 number:4 ...                        the next bytes of the frame
 * READ    kind:1 number:4 total:8                    what was read since OPEN
 * LOST    kind:1                                     the end; ZeroMQ says it, too, to its own side
 * </pre>
 *
 * <p>The form of a frame is 0 as it is, or 1 for Zstandard, with the length before it in {@code
 * raw}. Another version is not spoken with.
 */
final class Piece {
  static final byte WELCOME = 1;
  static final byte OPEN = 2;
  static final byte FIRST = 3;
  static final byte MORE = 4;
  static final byte READ = 5;
  static final byte LOST = 6;

  static final byte VERSION = 1;

  /** The longest piece: what somebody who has not proved anything can make this side hold. */
  static final int MAX_BYTES = 128 << 10;

  /** What CURVE adds to a piece, and ample room for the commands of its handshake. */
  static final int ENVELOPE_BYTES = 256;

  private static final int FIRST_HEADER_BYTES = 14;
  private static final int MORE_HEADER_BYTES = 5;

  private Piece() {}

  /** What one side tells of itself. */
  record Terms(boolean zstd, int windowBytes) {}

  static byte[] welcome(Terms terms) {
    return ByteBuffer.allocate(7)
        .put(WELCOME)
        .put(VERSION)
        .put((byte) (terms.zstd() ? 1 : 0))
        .putInt(terms.windowBytes())
        .array();
  }

  static byte[] open(Terms terms, int number) {
    return ByteBuffer.allocate(11)
        .put(OPEN)
        .put(VERSION)
        .put((byte) (terms.zstd() ? 1 : 0))
        .putInt(terms.windowBytes())
        .putInt(number)
        .array();
  }

  static byte[] read(int number, long total) {
    return ByteBuffer.allocate(13).put(READ).putInt(number).putLong(total).array();
  }

  static byte[] lost() {
    return new byte[] {LOST};
  }

  static byte[] first(int number, Packing.Packed frame) {
    int length = Math.min(frame.length(), MAX_BYTES - FIRST_HEADER_BYTES);
    return ByteBuffer.allocate(FIRST_HEADER_BYTES + length)
        .put(FIRST)
        .putInt(number)
        .put(frame.form())
        .putInt(frame.length())
        .putInt(frame.rawLength())
        .put(frame.bytes(), 0, length)
        .array();
  }

  /** How many bytes of a frame are in its first piece. */
  static int firstLength(Packing.Packed frame) {
    return Math.min(frame.length(), MAX_BYTES - FIRST_HEADER_BYTES);
  }

  static byte[] more(int number, Packing.Packed frame, int from) {
    int length = moreLength(frame, from);
    return ByteBuffer.allocate(MORE_HEADER_BYTES + length)
        .put(MORE)
        .putInt(number)
        .put(frame.bytes(), from, length)
        .array();
  }

  static int moreLength(Packing.Packed frame, int from) {
    return Math.min(frame.length() - from, MAX_BYTES - MORE_HEADER_BYTES);
  }

  /** What stands after the header of a first piece, or of another one. */
  static byte[] content(byte[] piece) {
    int header = piece[0] == FIRST ? FIRST_HEADER_BYTES : MORE_HEADER_BYTES;
    return Arrays.copyOfRange(piece, header, piece.length);
  }
}
