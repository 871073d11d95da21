package io.millrace.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The table of a finished segment, in a file beside it: 24 bytes of header, then one unsigned
 * 32-bit position for each record and one for the end.
 *
 * <p>It can be made again from the segment at any time, so it is never forced, and whatever looks
 * wrong about it only leads to its being made again. Its own checksum is looked at when it is
 * opened; after that, the frame that a position leads to tells whether it is right.
 */
final class StoredPositions implements Positions {
  private static final int HEADER_BYTES = 24;

  /** {@code MRPOS}, then what a transfer as text would change. */
  private static final long MAGIC = 0x4D52_504F_530D_0A1AL;

  private static final int MASK_AT = 8;
  private static final int RECORDS_AT = 12;
  private static final int CHECKSUM_AT = 16;
  private static final int WRITE_BYTES = 64 << 10;

  private final ByteBuffer table;

  private StoredPositions(ByteBuffer table) {
    this.table = table;
  }

  @Override
  public long position(int index) {
    return Integer.toUnsignedLong(table.getInt(HEADER_BYTES + index * Integer.BYTES));
  }

  /**
   * Opens the table of a segment.
   *
   * @return null when it is missing, damaged or another segment's
   */
  static @Nullable StoredPositions open(Disk disk, Path file, int mask, int records, long end) {
    long expected = HEADER_BYTES + (records + 1L) * Integer.BYTES;
    try (DiskFile stored = disk.openForReading(file)) {
      if (stored.size() != expected || expected > Integer.MAX_VALUE) {
        return null;
      }
      ByteBuffer table = stored.map();
      if (table.getLong(0) != MAGIC
          || table.getInt(MASK_AT) != mask
          || table.getInt(RECORDS_AT) != records
          || table.getInt(CHECKSUM_AT) != checksum(table)) {
        return null;
      }
      StoredPositions positions = new StoredPositions(table);
      return positions.position(records) == end ? positions : null;
    } catch (IOException e) {
      return null; // as good as missing
    }
  }

  /** Writes the table of a segment, replacing the one that is there only when it is whole. */
  static void store(Disk disk, Path file, int mask, GrowingPositions positions) throws IOException {
    int records = positions.records();
    if (HEADER_BYTES + (records + 1L) * Integer.BYTES > Integer.MAX_VALUE) {
      return; // made again by whoever needs it
    }
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putLong(0, MAGIC).putInt(MASK_AT, mask).putInt(RECORDS_AT, records);
    Path unfinished = LogFolder.unfinished(file);
    try (DiskFile stored = disk.create(unfinished)) {
      CRC32C crc = new CRC32C();
      ByteBuffer buffer = ByteBuffer.allocate(WRITE_BYTES);
      long at = HEADER_BYTES;
      for (int i = 0; i <= records; i++) {
        buffer.putInt((int) positions.position(i));
        if (!buffer.hasRemaining() || i == records) {
          crc.update(buffer.flip());
          buffer.rewind();
          int bytes = buffer.remaining();
          stored.write(buffer, at);
          at += bytes;
          buffer.clear();
        }
      }
      header.putInt(CHECKSUM_AT, (int) crc.getValue());
      stored.write(header, 0);
    }
    disk.rename(unfinished, file);
  }

  private static int checksum(ByteBuffer table) {
    CRC32C crc = new CRC32C();
    crc.update(table.duplicate().position(HEADER_BYTES));
    return (int) crc.getValue();
  }
}
