package io.millrace.backend.rocksdb;

import io.millrace.api.error.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Up to which of RocksDB's sequence numbers the database was forced, in a file in its folder: to
 * RocksDB a damage at the end of its write-ahead log or of its manifest is the end, as after a
 * crash, and batches that were forced would vanish without a word.
 *
 * <p>The number, eight bytes big-endian, and the CRC-32C of these. Written after each force and
 * never forced itself, so it tells the truth or less; and when it is lost, everything is as it
 * would be without. Goes up only.
 */
final class ForcedNote implements AutoCloseable {
  private static final String NAME = "FORCED";
  private static final int BYTES = Long.BYTES + Integer.BYTES;

  private final Path file;
  private final ByteBuffer buffer = ByteBuffer.allocate(BYTES);
  private long noted;
  private @Nullable FileChannel channel;

  private ForcedNote(Path file, long noted) {
    this.file = file;
    this.noted = noted;
  }

  /** Reads the note in the folder of a database, if there is one. */
  static ForcedNote in(Path folder) {
    Path file = folder.resolve(NAME);
    byte[] bytes;
    try {
      bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    } catch (IOException e) {
      return new ForcedNote(file, 0);
    }
    ByteBuffer fields = ByteBuffer.wrap(bytes);
    boolean whole = bytes.length == BYTES && fields.getInt(Long.BYTES) == checksum(bytes);
    return new ForcedNote(file, whole ? fields.getLong(0) : 0);
  }

  /**
   * Compares with what is in the database.
   *
   * @param last the last sequence number that is there
   * @throws CorruptionException when batches that were forced are not there
   */
  synchronized void require(long last) {
    if (noted > last) {
      throw new CorruptionException(
          file.toString(),
          "RocksDB has changes up to number "
              + last
              + ", and those up to "
              + noted
              + " were forced to disk, so its files are damaged at their end; an index is built again"
              + " when its folder is removed; a log has to be restored from a backup, or goes on"
              + " without them when this file is removed");
    }
  }

  /** Notes that everything up to {@code last} is durable. */
  synchronized void note(long last) {
    if (last <= noted) {
      return;
    }
    try {
      FileChannel open = channel;
      if (open == null) {
        open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel = open;
      }
      buffer.putLong(0, last);
      buffer.putInt(Long.BYTES, checksum(buffer.array()));
      open.write(buffer.clear(), 0);
      noted = last;
    } catch (IOException e) {
      // What was forced is there all the same; the note goes on saying less.
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, Long.BYTES);
    return (int) checksum.getValue();
  }

  @Override
  public synchronized void close() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Nothing hangs on it.
      }
    }
  }
}
