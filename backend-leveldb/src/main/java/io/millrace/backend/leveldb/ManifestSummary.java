package io.millrace.backend.leveldb;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest says about logs and tables. The rest of it, which rows are where, is skipped.
 *
 * @param logNumber logs below it are obsolete
 * @param previousLogNumber one that is not, all the same; 0 for none
 * @param lastSequence the sequence number of some batch at or behind the beginning of the live logs
 * @param tables the lengths of those that are live, by their numbers
 * @param tornAt where the last record is torn; -1 when it is not
 */
record ManifestSummary(
    long logNumber,
    long previousLogNumber,
    long lastSequence,
    SortedMap<Long, Long> tables,
    int tornAt) {
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
    SortedMap<Long, Long> tables = new TreeMap<>();
    byte[] record = records.next();
    while (record != null) {
      if (records.flaw() >= 0) {
        return null; // not at the end
      }
      try {
        readEdit(ByteBuffer.wrap(record), numbers, tables);
      } catch (BufferUnderflowException | IllegalArgumentException e) {
        return null;
      }
      record = records.next();
    }
    return new ManifestSummary(
        numbers[LOG_NUMBER],
        numbers[PREVIOUS_LOG_NUMBER],
        numbers[LAST_SEQUENCE],
        tables,
        records.flaw());
  }

  private static void readEdit(ByteBuffer edit, long[] numbers, SortedMap<Long, Long> tables) {
    SortedMap<Long, Long> added = new TreeMap<>();
    while (edit.hasRemaining()) {
      int tag = (int) Varint.read(edit);
      switch (tag) {
        case COMPARATOR -> skipText(edit);
        case LOG_NUMBER, NEXT_FILE_NUMBER, LAST_SEQUENCE, PREVIOUS_LOG_NUMBER ->
            numbers[tag] = Varint.read(edit);
        case COMPACT_POINTER -> {
          Varint.read(edit);
          skipText(edit);
        }
        case DELETED_FILE -> {
          Varint.read(edit);
          tables.remove(Varint.read(edit));
        }
        case NEW_FILE -> {
          Varint.read(edit);
          long number = Varint.read(edit);
          added.put(number, Varint.read(edit));
          skipText(edit);
          skipText(edit);
        }
        default -> throw new IllegalArgumentException("unknown tag " + tag);
      }
    }
    // Last, as LevelDB does: an edit that moves a table to another level removes it, and adds it.
    tables.putAll(added);
  }

  private static void skipText(ByteBuffer from) {
    long length = Varint.read(from);
    if (length < 0 || length > from.remaining()) {
      throw new IllegalArgumentException("a text is too long");
    }
    from.position(from.position() + (int) length);
  }

  boolean isLive(long log) {
    return log >= logNumber || (log == previousLogNumber && log > 0);
  }
}
