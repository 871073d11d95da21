package io.millrace.backend.rocksdb;

import io.millrace.api.error.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds records on which RocksDB 11 would wait for ever: of the types that only files have which
 * are used again, as these never are. One bit in the type of a record makes such a one.
 *
 * <p>A manifest and a write-ahead log consist of blocks of 32 KiB; a record does not cross blocks,
 * and begins with a checksum of four bytes, its length of two, little-endian, and its type of one.
 */
final class EndlessRecords {
  private static final Pattern MANIFEST = Pattern.compile("MANIFEST-\\d+");
  private static final Pattern LOG = Pattern.compile("\\d+\\.log");
  private static final int BLOCK_BYTES = 32 << 10;
  private static final int HEADER_BYTES = 7;
  private static final int LENGTH_AT = 4;
  private static final int TYPE_AT = 6;

  private EndlessRecords() {}

  /**
   * Looks through the files of a database that is closed. A write-ahead log is cut there, as it is
   * read up to the first flaw only.
   *
   * @throws CorruptionException when there is such a record in a manifest
   */
  static void remove(Path folder) throws IOException {
    for (Path file : files(folder)) {
      String name = String.valueOf(file.getFileName());
      if (MANIFEST.matcher(name).matches()) {
        long at = find(file);
        if (at >= 0) {
          throw new CorruptionException(
              file + ", byte " + at, "a record has a type that is never written");
        }
      } else if (LOG.matcher(name).matches()) {
        long at = find(file);
        if (at >= 0) {
          cut(file, at);
        }
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** Where the first one begins; -1 for none. */
  private static long find(Path file) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file)) {
      for (long start = 0; read(channel, block.clear(), start); start += BLOCK_BYTES) {
        int at = find(block.flip());
        if (at >= 0) {
          return start + at;
        }
      }
    }
    return -1;
  }

  private static boolean read(FileChannel channel, ByteBuffer block, long start)
      throws IOException {
    while (block.hasRemaining()) {
      if (channel.read(block, start + block.position()) < 0) {
        break;
      }
    }
    return block.position() > 0;
  }

  private static int find(ByteBuffer block) {
    int at = 0;
    while (at + HEADER_BYTES <= block.limit()) {
      int type = block.get(at + TYPE_AT);
      // Full, first, middle, last, each in a file that is used again; and a size of timestamps.
      if ((type >= 5 && type <= 8) || type == 11) {
        return at;
      }
      at += HEADER_BYTES + Short.toUnsignedInt(block.getShort(at + LENGTH_AT));
    }
    return -1;
  }

  private static void cut(Path file, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
      channel.force(true);
    }
  }
}
