package io.millrace.log.store;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/**
 * The rows of a log in its store.
 *
 * <p>Keyspace {@code records}: the sequence, eight bytes big-endian, leads to the CRC-32C of key
 * and record, four bytes, and the record. All records of an append lie in one batch of the store.
 * Keyspace {@code log}: the key {@code incarnation} leads to the format version, four bytes, and
 * the incarnation, 16 bytes.
 *
 * <p>The store guards its files, with or without checksums; the checksum here guards the record
 * from being taken for another, and from a store that does not.
 */
final class StoredRecords {
  static final int FORMAT_VERSION = 1;
  static final int CHECKSUM_BYTES = Integer.BYTES;

  private static final int RECORDS_CUT_AT_ONCE = 10_000;

  private static final byte[] INCARNATION = "incarnation".getBytes(StandardCharsets.US_ASCII);
  private static final int INCARNATION_BYTES = Integer.BYTES + 2 * Long.BYTES;

  private final Store store;
  private final Keyspace records;
  private final String place;

  /**
   * @param place what to call the log in messages
   */
  StoredRecords(Store store, String place) {
    this.store = store;
    this.records = store.keyspace("records");
    this.place = place;
  }

  /** The log's incarnation; made, durably, when there is none. */
  Incarnation incarnation(RandomGenerator random) {
    Keyspace own = store.keyspace("log");
    byte[] row = store.get(own, INCARNATION);
    if (row == null) {
      if (last() > 0) {
        throw new CorruptionException(place, "there are records, but the log's identity is gone");
      }
      row =
          ByteBuffer.allocate(INCARNATION_BYTES)
              .putInt(FORMAT_VERSION)
              .putLong(random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000L)
              .putLong(random.nextLong() & 0x3fff_ffff_ffff_ffffL | Long.MIN_VALUE)
              .array();
      try (StoreBatch batch = store.batch()) {
        batch.put(own, INCARNATION, row);
        store.write(batch);
      }
      store.flush();
    }
    ByteBuffer fields = ByteBuffer.wrap(row);
    if (row.length >= Integer.BYTES && fields.getInt(0) != FORMAT_VERSION) {
      throw new UnsupportedException(
          "log-format",
          "the log in "
              + place
              + " has format "
              + fields.getInt(0)
              + "; this build knows "
              + FORMAT_VERSION);
    }
    if (row.length != INCARNATION_BYTES) {
      throw new CorruptionException(place, "the log's identity has " + row.length + " bytes");
    }
    return new Incarnation(
        new UUID(fields.getLong(Integer.BYTES), fields.getLong(Integer.BYTES + Long.BYTES)));
  }

  /** The sequence of the last record; 0 when there is none. */
  long last() {
    try (StoreCursor rows = store.range(records, KeyRange.all().reversed(true))) {
      return rows.advance() ? sequence(rows.key()) : 0;
    }
  }

  /** Adds {@code record} to {@code batch}. */
  void put(StoreBatch batch, long sequence, byte[] record) {
    byte[] key = key(sequence);
    ByteBuffer row = ByteBuffer.allocate(CHECKSUM_BYTES + record.length);
    row.putInt(checksum(key, record, 0)).put(record);
    batch.put(records, key, row.array());
  }

  /** The stored form of the record at {@code sequence}, checked. */
  byte[] row(long sequence) {
    byte[] key = key(sequence);
    byte[] row = store.get(records, key);
    if (row == null) {
      throw missing(sequence);
    }
    return checked(key, row);
  }

  /** The rows from {@code first} to {@code last}. */
  StoreCursor rows(long first, long last, boolean reverse) {
    byte[] to = last == Long.MAX_VALUE ? null : key(last + 1);
    return store.range(records, new KeyRange(key(first), to, reverse));
  }

  /** Removes the records behind {@code last}, the newest first, so that no gap can be left. */
  void cutBehind(long last) {
    for (long newest = last(); newest > last; newest = last()) {
      long first = Math.max(last + 1, newest - RECORDS_CUT_AT_ONCE + 1);
      try (StoreBatch batch = store.batch()) {
        for (long sequence = first; sequence <= newest; sequence++) {
          batch.delete(records, key(sequence));
        }
        store.write(batch);
      }
    }
  }

  long sequence(byte[] key) {
    if (key.length != Long.BYTES) {
      throw new CorruptionException(place, "the key of a record has " + key.length + " bytes");
    }
    return ByteBuffer.wrap(key).getLong();
  }

  /** Returns {@code row}, or says that it is damaged. */
  byte[] checked(byte[] key, byte[] row) {
    if (row.length < CHECKSUM_BYTES
        || ByteBuffer.wrap(row).getInt() != checksum(key, row, CHECKSUM_BYTES)) {
      throw new CorruptionException(
          place + ", record " + sequence(key), "the record's checksum is wrong");
    }
    return row;
  }

  CorruptionException missing(long sequence) {
    return new CorruptionException(place + ", record " + sequence, "the record is missing");
  }

  private static int checksum(byte[] key, byte[] bytes, int from) {
    CRC32C checksum = new CRC32C();
    checksum.update(key);
    checksum.update(bytes, from, bytes.length - from);
    return (int) checksum.getValue();
  }

  private static byte[] key(long sequence) {
    return ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
  }
}
