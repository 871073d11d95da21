package io.millrace.backend.leveldb;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest says about logs. The rest of it, which tables there are, is skipped.
 *
 * @param logNumber logs below it are obsolete
 * @param previousLogNumber one that is not, all the same; 0 for none
 * @param lastSequence the sequence number of some batch at or behind the beginning of the live logs
 * @param tornAt where the last record is torn; -1 when it is not
 */
record ManifestSummary(long logNumber, long previousLogNumber, long lastSequence, int tornAt) {
  private static final int COMPARATOR = 1;
  private static final int LOG_NUMBER = 2;
  private static final int NEXT_FILE_NUMBER = 3;
  private static final int LAST_SEQUENCE = 4;
  private static final int COMPACT_POINTER = 5;
  private static final int DELETED_FILE = 6;
  private static final int NEW_FILE = 7;
  private static final int PREVIOUS_LOG_NUMBER = 9;

  /** Null when the manifest is damaged. */
  static @Nullable ManifestSummary read(byte[] manifest) {
    LogRecords records = new LogRecords(manifest);
    long[] numbers = new long[PREVIOUS_LOG_NUMBER + 1];
    byte[] record = records.next();
    while (record != null) {
      if (records.flaw() >= 0) {
        return null; // not at the end
      }
      try {
        readEdit(ByteBuffer.wrap(record), numbers);
      } catch (BufferUnderflowException | IllegalArgumentException e) {
        return null;
      }
      record = records.next();
    }
    return new ManifestSummary(
        numbers[LOG_NUMBER], numbers[PREVIOUS_LOG_NUMBER], numbers[LAST_SEQUENCE], records.flaw());
  }

  private static void readEdit(ByteBuffer edit, long[] numbers) {
    while (edit.hasRemaining()) {
      int tag = (int) varint(edit);
      switch (tag) {
        case COMPARATOR -> skipText(edit);
        case LOG_NUMBER, NEXT_FILE_NUMBER, LAST_SEQUENCE, PREVIOUS_LOG_NUMBER ->
            numbers[tag] = varint(edit);
        case COMPACT_POINTER -> {
          varint(edit);
          skipText(edit);
        }
        case DELETED_FILE -> {
          varint(edit);
          varint(edit);
        }
        case NEW_FILE -> {
          varint(edit);
          varint(edit);
          varint(edit);
          skipText(edit);
          skipText(edit);
        }
        default -> throw new IllegalArgumentException("unknown tag " + tag);
      }
    }
  }

  private static long varint(ByteBuffer from) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = from.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number is too long");
  }

  private static void skipText(ByteBuffer from) {
    long length = varint(from);
    if (length < 0 || length > from.remaining()) {
      throw new IllegalArgumentException("a text is too long");
    }
    from.position(from.position() + (int) length);
  }

  boolean isLive(long log) {
    return log >= logNumber || (log == previousLogNumber && log > 0);
  }
}
