package io.millrace.backend.leveldb;

import io.millrace.backend.flat.FlatChange;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The row that is written when the database is forced: once, synced, to have everything before it
 * forced, and once more when that has returned.
 *
 * <p>The first of the two may reach the disk before what precedes it does, if power fails
 * meanwhile. The second cannot.
 */
final class ForcedMark {
  /** The highest row; also what a walk backwards from the end begins at. */
  static final byte[] KEY = {-1, -1, -1, -1, -1};

  static final FlatChange FORCING = new FlatChange(KEY, new byte[] {0});
  static final FlatChange CONFIRMED = new FlatChange(KEY, new byte[] {1});

  /** A put of the key, as it stands in a batch: a tag, and key and value with their lengths. */
  private static final byte[] CONFIRMATION =
      ByteBuffer.allocate(2 + KEY.length + 2)
          .put((byte) 1)
          .put((byte) KEY.length)
          .put(KEY)
          .put((byte) 1)
          .put((byte) 1)
          .array();

  /** How long a record is that confirms. */
  static final int RECORD_BYTES = LogTail.BATCH_HEADER_BYTES + CONFIRMATION.length;

  private ForcedMark() {}

  /** Whether a record of the log confirms that what precedes it was forced. */
  static boolean isConfirmation(byte[] record) {
    return record.length == RECORD_BYTES
        && Arrays.equals(
            record, LogTail.BATCH_HEADER_BYTES, RECORD_BYTES, CONFIRMATION, 0, CONFIRMATION.length);
  }
}
