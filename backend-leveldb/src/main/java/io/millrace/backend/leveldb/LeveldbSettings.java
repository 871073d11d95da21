package io.millrace.backend.leveldb;

import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import java.util.List;
import org.iq80.leveldb.CompressionType;
import org.iq80.leveldb.Options;

/**
 * What an operator can set, read and checked.
 *
 * <p>There is nothing to set about bloom filters: LevelDB has them, its Java binding does not.
 *
 * @param compression snappy or none
 */
record LeveldbSettings(
    long cacheBytes, int writeBufferBytes, String compression, int blockBytes, int openFiles) {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  private static final Setting<Long> CACHE_SIZE =
      Setting.size(
          "cache-size", "Memory for blocks read from disk.", "64MiB", 64 * KIB, 1024 * GIB);
  private static final Setting<Long> WRITE_BUFFER_SIZE =
      Setting.size(
          "write-buffer-size",
          "Memory that gathers writes before they go to disk as one file; there may be two.",
          "16MiB",
          64 * KIB,
          256 * MIB);
  private static final Setting<String> COMPRESSION =
      Setting.choice(
          "compression",
          "How blocks are compressed; files keep what they have.",
          "snappy",
          List.of("none", "snappy"));
  private static final Setting<Long> BLOCK_SIZE =
      Setting.size(
          "block-size",
          "How much is read from disk and decompressed at once; used for new files.",
          "4KiB",
          KIB,
          MIB);
  private static final Setting<Long> OPEN_FILES =
      Setting.number("open-files", "How many files may be kept open.", 500, 74, 50_000);

  static final List<Setting<?>> ALL =
      List.of(CACHE_SIZE, WRITE_BUFFER_SIZE, COMPRESSION, BLOCK_SIZE, OPEN_FILES);

  static LeveldbSettings of(Settings settings) {
    return new LeveldbSettings(
        settings.get(CACHE_SIZE),
        settings.get(WRITE_BUFFER_SIZE).intValue(),
        settings.get(COMPRESSION),
        settings.get(BLOCK_SIZE).intValue(),
        settings.get(OPEN_FILES).intValue());
  }

  /** The same for the library. */
  Options options() {
    return new Options()
        .createIfMissing(true)
        .cacheSize(cacheBytes)
        .writeBufferSize(writeBufferBytes)
        .compressionType(compression.equals("none") ? CompressionType.NONE : CompressionType.SNAPPY)
        .blockSize(blockBytes)
        .maxOpenFiles(openFiles)
        // Damage in the log is reported instead of skipped, and merging files checks what it reads.
        .paranoidChecks(true);
  }
}
