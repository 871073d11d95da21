package io.millrace.backend.rocksdb;

import io.millrace.api.range.KeyRange;
import io.millrace.backend.flat.OpenChildren;
import io.millrace.backend.flat.UseGate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/**
 * The reads of one state of the database: of the newest, or of a snapshot.
 *
 * <p>Guards nothing: its owner enters the gate first.
 */
final class RocksdbReader {
  private final RocksDB database;
  private final ReadOptions options;
  private final @Nullable Snapshot snapshot;
  private final Path folder;

  /**
   * @param snapshot the one that {@code options} name; null for none
   */
  RocksdbReader(RocksDB database, ReadOptions options, @Nullable Snapshot snapshot, Path folder) {
    this.database = database;
    this.options = options;
    this.snapshot = snapshot;
    this.folder = folder;
  }

  byte @Nullable [] get(byte[] storedKey) {
    return get(options, storedKey);
  }

  /**
   * All from one state.
   *
   * <p>One by one, because RocksDB's Java multi-get returns null, as for an absent key, where it
   * met damaged data.
   */
  List<byte @Nullable []> getAll(RocksdbKeyspace keyspace, List<byte[]> keys) {
    if (snapshot != null || keys.size() <= 1) {
      return getAll(options, keyspace, keys);
    }
    Snapshot moment = database.getSnapshot();
    try (ReadOptions momentOptions = new ReadOptions().setSnapshot(moment)) {
      return getAll(momentOptions, keyspace, keys);
    } finally {
      database.releaseSnapshot(moment);
      moment.close();
    }
  }

  private List<byte @Nullable []> getAll(
      ReadOptions from, RocksdbKeyspace keyspace, List<byte[]> keys) {
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    for (byte[] key : keys) {
      values.add(get(from, keyspace.stored(key)));
    }
    return values;
  }

  private byte @Nullable [] get(ReadOptions from, byte[] storedKey) {
    try {
      return database.get(from, storedKey);
    } catch (RocksDBException e) {
      throw Failures.of("reading a key", folder, e);
    }
  }

  RocksdbCursor range(
      RocksdbKeyspace keyspace, KeyRange range, UseGate gate, OpenChildren children) {
    return RocksdbCursor.open(database, snapshot, keyspace, range, gate, children, folder);
  }
}
