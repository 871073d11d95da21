package io.millrace.backend.leveldb;

import io.millrace.api.error.CorruptionException;
import io.millrace.backend.flat.FlatFolder;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the end of every live table: its footer, and the index that says where its rows are.
 *
 * <p>LevelDB verifies the checksums of blocks of rows, but never that of an index. A damaged one
 * may look like that of a table without rows, and a merge would then drop them all.
 *
 * <p>Opens each file and reads some 20 bytes for each block of rows. A table that is longer than
 * the manifest says is sound: power may fail before it is cut to its length.
 */
final class TableCheck {
  private static final int FOOTER_BYTES = 48;
  private static final long MAGIC = 0xdb4775248b80fb57L;

  /** A type and a checksum, which includes the type. */
  private static final int TRAILER_BYTES = 1 + Integer.BYTES;

  private final Path folder;

  TableCheck(Path folder) {
    this.folder = folder;
  }

  /**
   * Checks them all.
   *
   * @param tables the lengths of files, by their numbers
   * @throws CorruptionException for the first that is missing, too short, or damaged at its end
   */
  void require(Map<Long, Long> tables) throws IOException {
    for (Map.Entry<Long, Long> table : tables.entrySet()) {
      Path file = file(table.getKey());
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        require(file, channel, table.getValue());
      }
    }
  }

  private Path file(long number) {
    Path file = folder.resolve(String.format(Locale.ROOT, "%06d.sst", number));
    if (!Files.exists(file)) {
      throw new CorruptionException(file.toString(), "the file is missing; " + FlatFolder.REMEDY);
    }
    return file;
  }

  private static void require(Path file, FileChannel channel, long length) throws IOException {
    if (length < FOOTER_BYTES || channel.size() < length) {
      throw damaged(file, channel.size(), "the file ends too early");
    }
    long footerAt = length - FOOTER_BYTES;
    ByteBuffer footer = read(channel, footerAt, FOOTER_BYTES);
    if (footer.getLong(FOOTER_BYTES - Long.BYTES) != MAGIC) {
      throw damaged(file, footerAt, "the footer is damaged");
    }
    long indexAt;
    long indexBytes;
    try {
      Varint.read(footer);
      Varint.read(footer); // where the block is that says where filters are, of which there is none
      indexAt = Varint.read(footer);
      indexBytes = Varint.read(footer);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw damaged(file, footerAt, "the footer is damaged");
    }
    // The index is what stands before the footer; any other block with a checksum is not.
    if (indexAt < 0
        || indexAt > footerAt
        || indexBytes != footerAt - TRAILER_BYTES - indexAt
        || indexBytes < 0
        || indexBytes > Integer.MAX_VALUE - TRAILER_BYTES) {
      throw damaged(file, footerAt, "the footer is damaged");
    }
    ByteBuffer index = read(channel, indexAt, (int) indexBytes + TRAILER_BYTES);
    if (index.getInt((int) indexBytes + 1)
        != MaskedCrc.of(index.array(), 0, (int) indexBytes + 1)) {
      throw damaged(file, indexAt, "the index of the table is damaged");
    }
  }

  private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
      // It may take more than one read.
    }
    return bytes.flip();
  }

  private static CorruptionException damaged(Path file, long at, String what) {
    return new CorruptionException(file + ", byte " + at, what + "; " + FlatFolder.REMEDY);
  }
}
