package io.millrace.backend.rocksdb;

import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import java.util.List;

/**
 * What an operator can set, read and checked.
 *
 * @param cacheBytes for blocks, indexes and filters together
 * @param writeBufferBytes of one buffer
 * @param writeBuffers at most, the one being filled included
 * @param compression none, lz4 or zstd
 * @param bloomBits per key; 0 for no filters
 * @param wal whether there is a write-ahead log
 */
record RocksdbSettings(
    long cacheBytes,
    long writeBufferBytes,
    int writeBuffers,
    String compression,
    long blockBytes,
    int backgroundJobs,
    int bloomBits,
    int openFiles,
    boolean wal) {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  private static final Setting<Long> CACHE_SIZE =
      Setting.size(
          "cache-size",
          "Memory for blocks read from disk, with their indexes and filters.",
          "128MiB",
          MIB,
          1024 * GIB);
  private static final Setting<Long> WRITE_BUFFER_SIZE =
      Setting.size(
          "write-buffer-size",
          "Memory that gathers writes before they go to disk as one file.",
          "32MiB",
          64 * KIB,
          4 * GIB);
  private static final Setting<Long> WRITE_BUFFERS =
      Setting.number(
          "write-buffers",
          "How many write buffers there may be; when all are full, writing waits.",
          2,
          2,
          64);
  private static final Setting<String> COMPRESSION =
      Setting.choice(
          "compression",
          "How files below the newest level are compressed; files keep what they have.",
          "lz4",
          List.of("none", "lz4", "zstd"));
  private static final Setting<Long> BLOCK_SIZE =
      Setting.size(
          "block-size",
          "How much is read from disk and decompressed at once; used for new files.",
          "8KiB",
          KIB,
          MIB);
  private static final Setting<Long> BACKGROUND_JOBS =
      Setting.number("background-jobs", "How many threads write and merge files.", 2, 1, 64);
  private static final Setting<Long> BLOOM_BITS =
      Setting.number(
          "bloom-bits",
          "Bits per key of the filters that spare looking for absent keys; 0 for none.",
          10,
          0,
          32);
  private static final Setting<Long> OPEN_FILES =
      Setting.number("open-files", "How many files may be kept open.", 512, 32, 1_000_000);

  static final Setting<Boolean> WAL =
      Setting.flag(
          "wal",
          "Whether writes go to RocksDB's write-ahead log too, so that forcing them is quick; the"
              + " index needs none, since Millrace's own log replays what is lost.",
          false);

  static final List<Setting<?>> ALL =
      List.of(
          CACHE_SIZE,
          WRITE_BUFFER_SIZE,
          WRITE_BUFFERS,
          COMPRESSION,
          BLOCK_SIZE,
          BACKGROUND_JOBS,
          BLOOM_BITS,
          OPEN_FILES,
          WAL);

  static RocksdbSettings of(Settings settings) {
    return new RocksdbSettings(
        settings.get(CACHE_SIZE),
        settings.get(WRITE_BUFFER_SIZE),
        settings.get(WRITE_BUFFERS).intValue(),
        settings.get(COMPRESSION),
        settings.get(BLOCK_SIZE),
        settings.get(BACKGROUND_JOBS).intValue(),
        settings.get(BLOOM_BITS).intValue(),
        settings.get(OPEN_FILES).intValue(),
        settings.get(WAL));
  }
}
