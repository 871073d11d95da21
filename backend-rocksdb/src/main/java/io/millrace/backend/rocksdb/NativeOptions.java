package io.millrace.backend.rocksdb;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.ConfigOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteOptions;

/**
 * The native objects that configure one database, which must live as long as it does.
 *
 * <p>Freed by {@link #close()}, once, after the database.
 */
final class NativeOptions implements AutoCloseable {
  private static final int LEVELS = 7;

  /** What to free, the newest first. */
  private final Deque<AbstractNativeReference> owned = new ArrayDeque<>();

  final Cache cache;
  final Options database;
  final ReadOptions read = own(new ReadOptions());

  /** Does not wait for files to be merged, for which there may be no room on the disk for ever. */
  final FlushOptions flush = own(new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true));

  /**
   * Without the write-ahead log, unless asked: Millrace's own log replays what is lost. A batch
   * that would have to wait is refused; see {@link PatientWriter}.
   */
  final WriteOptions write;

  /** The same, for a batch that RocksDB wants to take more slowly. */
  final WriteOptions slowWrite;

  /** Whether there is a write-ahead log. */
  final boolean wal;

  NativeOptions(RocksdbSettings settings) {
    wal = settings.wal();
    write = own(new WriteOptions().setDisableWAL(!wal).setNoSlowdown(true));
    slowWrite = own(new WriteOptions().setDisableWAL(!wal));
    cache = own(new LRUCache(settings.cacheBytes()));
    database = withTrackedLogs();
    database
        .setCreateIfMissing(true)
        // Whatever the write-ahead log has up to its first flaw; closing leaves it empty.
        .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
        // One thread writes nearly everything. A write buffer filled by one at a time remembers
        // where it put the last row, which makes rows in key order cheap.
        .setAllowConcurrentMemtableWrite(false)
        .setEnableWriteThreadAdaptiveYield(false)
        .setMaxOpenFiles(settings.openFiles())
        .setMaxBackgroundJobs(settings.backgroundJobs())
        .setTableFormatConfig(tables(settings));
    configureMemory(settings);
    configureLevels(settings);
    configureHousekeeping();
  }

  /**
   * New options, under which RocksDB notices that a file of its write-ahead log is missing: one
   * that the manifest names, or one that went before another, for example when the end of the
   * manifest is lost. The Java binding has no other way to say so.
   */
  private Options withTrackedLogs() {
    Properties tracked = new Properties();
    tracked.setProperty("track_and_verify_wals_in_manifest", "true");
    tracked.setProperty("track_and_verify_wals", "true");
    try (ConfigOptions parsing = new ConfigOptions();
        DBOptions databaseOptions =
            Objects.requireNonNull(DBOptions.getDBOptionsFromProps(parsing, tracked));
        ColumnFamilyOptions rowOptions = new ColumnFamilyOptions()) {
      return own(new Options(databaseOptions, rowOptions));
    }
  }

  private BlockBasedTableConfig tables(RocksdbSettings settings) {
    BlockBasedTableConfig tables =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setBlockSize(settings.blockBytes())
            .setFormatVersion(5)
            // Finds a single key in a block without a binary search, for a byte or so per key.
            .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
            // Indexes and filters are read piece by piece and count as cached blocks, so that the
            // memory in use does not grow with the data.
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setPinTopLevelIndexAndFilter(true)
            .setPinL0FilterAndIndexBlocksInCache(true)
            .setIndexType(IndexType.kTwoLevelIndexSearch);
    if (settings.bloomBits() > 0) {
      tables
          .setFilterPolicy(own(new BloomFilter(settings.bloomBits())))
          .setWholeKeyFiltering(true)
          .setPartitionFilters(true);
    }
    return tables;
  }

  private void configureMemory(RocksdbSettings settings) {
    database
        .setWriteBufferSize(settings.writeBufferBytes())
        .setMaxWriteBufferNumber(settings.writeBuffers())
        // A filter before the write buffer too: most lookups of a new document's id find nothing.
        .setMemtableWholeKeyFiltering(true)
        .setMemtablePrefixBloomSizeRatio(0.02)
        // Every read after a range deletion sorts the buffer's range deletions anew.
        .setMemtableMaxRangeDeletions(1_000)
        .setCompactionReadaheadSize(512 << 10);
  }

  private void configureLevels(RocksdbSettings settings) {
    CompressionType compression =
        switch (settings.compression()) {
          case "none" -> CompressionType.NO_COMPRESSION;
          case "zstd" -> CompressionType.ZSTD_COMPRESSION;
          default -> CompressionType.LZ4_COMPRESSION;
        };
    CompressionType[] perLevel = new CompressionType[LEVELS];
    Arrays.fill(perLevel, compression);
    perLevel[0] = CompressionType.NO_COMPRESSION; // short-lived, and on the way of a flush
    database
        .setNumLevels(LEVELS)
        .setLevelCompactionDynamicLevelBytes(true)
        .setCompressionType(compression)
        .setCompressionPerLevel(List.of(perLevel))
        .setMaxBytesForLevelBase(
            Math.max(64L << 20, settings.writeBufferBytes() * settings.writeBuffers() * 2))
        .setTargetFileSizeBase(32L << 20);
  }

  private void configureHousekeeping() {
    database
        .setSkipStatsUpdateOnDbOpen(true)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0)
        .setAvoidUnnecessaryBlockingIO(true)
        .setMaxManifestFileSize(16L << 20)
        .setManifestPreallocationSize(64 << 10)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(1L << 20)
        .setKeepLogFileNum(4);
  }

  private <T extends AbstractNativeReference> T own(T reference) {
    owned.push(reference);
    return reference;
  }

  @Override
  public void close() {
    while (!owned.isEmpty()) {
      owned.pop().close();
    }
  }
}
