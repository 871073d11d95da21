package io.millrace.backend.rocksdb;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.backend.flat.OpenChildren;
import io.millrace.backend.flat.UseGate;
import io.millrace.spi.Meters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;

/**
 * A store in one RocksDB database with one column family and, unless asked for, no write-ahead log.
 *
 * <p><b>Why what survives a crash is a prefix of the batches.</b> RocksDB puts a batch as a whole
 * into the one write buffer that is being filled; buffers are exchanged only between batches. Full
 * buffers become files, and the files become part of the database (one synced record in its
 * manifest each) strictly in the order in which the buffers were filled, also when several are
 * written at once. Range deletions lie in the same buffer and file as the rows of their batch. So a
 * database found after a crash consists of whole buffers up to some point, and a buffer of whole
 * batches. With several column families this would not hold: each has buffers of its own. With a
 * write-ahead log, what survives goes on with the batches that the log has up to its first flaw.
 *
 * <p><b>Damage.</b> RocksDB's files have checksums, and a {@link ForcedNote} tells when their end
 * is lost.
 *
 * <p><b>Failure.</b> When a buffer cannot be written, for want of space for example, RocksDB
 * refuses writes, keeps the buffer and tries again by itself; what is refused here may be tried
 * again until it is taken.
 *
 * <p><b>Use after close.</b> Every call goes through {@link UseGate}; open cursors and snapshots
 * are freed by {@link #close()}.
 */
final class RocksdbStore implements Store {
  private final Path folder;
  private final NativeOptions options;
  private final RocksDB database;
  private final RocksdbReader newest;
  private final PatientWriter writer;
  private final ForcedNote note;
  private final KeyspaceRegistry registry;
  private final UseGate gate =
      new UseGate(null, "store-closed", "the store has been closed; open it again");
  private final OpenChildren children = new OpenChildren(gate);

  private RocksdbStore(Path folder, NativeOptions options, RocksDB database, ForcedNote note) {
    this.folder = folder;
    this.options = options;
    this.database = database;
    this.newest = new RocksdbReader(database, options.read, null, folder);
    this.writer = new PatientWriter(database, options, folder);
    this.note = note;
    this.registry = new KeyspaceRegistry(this, folder);
  }

  /** Opens the database in {@code folder}, which is there. */
  static RocksdbStore open(Path folder, RocksdbSettings settings, Meters meters) {
    NativeOptions options = new NativeOptions(settings);
    ForcedNote note = ForcedNote.in(folder);
    RocksdbStore store = null;
    try {
      RocksDB database = RocksDB.open(options.database, folder.toString());
      store = new RocksdbStore(folder, options, database, note);
      note.require(database.getLatestSequenceNumber());
      store.registry.load(store.readStored(KeyspaceRegistry.headerKey()));
      store.measure(meters);
      return store;
    } catch (RocksDBException e) {
      options.close();
      throw Failures.of("opening", folder, e);
    } catch (MillraceException e) {
      if (store != null) {
        store.close();
      }
      throw e;
    }
  }

  @Override
  public Keyspace keyspace(String name) {
    gate.enter();
    try {
      return registry.keyspace(name);
    } finally {
      gate.leave();
    }
  }

  @Override
  public List<String> keyspaces() {
    gate.enter();
    RocksdbKeyspace own = new RocksdbKeyspace(this, "", KeyspaceRegistry.REGISTRY_ID);
    try (RocksdbCursor rows = newest.range(own, KeyRange.all(), gate, children)) {
      return registry.names(rows);
    } finally {
      gate.leave();
    }
  }

  @Override
  public StoreBatch batch() {
    gate.enter();
    gate.leave();
    return new RocksdbBatch(this);
  }

  @Override
  public void write(StoreBatch batch) {
    if (!(batch instanceof RocksdbBatch own) || !own.belongsTo(this)) {
      throw new IllegalArgumentException("the batch was made by another store");
    }
    gate.enter();
    try {
      registry.write(own);
    } finally {
      gate.leave();
    }
  }

  /** The failure of {@code doing} something with this store. */
  MillraceException failed(String doing, RocksDBException cause) {
    return Failures.of(doing, folder, cause);
  }

  /** Hands {@code batch} to the database. The caller has entered the gate. */
  void apply(RocksdbBatch batch) {
    try (WriteBatch crossing = batch.take()) {
      if (crossing != null) {
        writer.write(crossing);
      }
    } catch (RocksDBException e) {
      throw Failures.of("writing a batch", folder, e);
    }
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    byte[] stored = own(keyspace).stored(key);
    gate.enter();
    try {
      return newest.get(stored);
    } finally {
      gate.leave();
    }
  }

  /** A row of the store's own. The caller has entered the gate, or nobody else has the store. */
  byte @Nullable [] readStored(byte[] storedKey) {
    return newest.get(storedKey);
  }

  @Override
  public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
    RocksdbKeyspace own = own(keyspace);
    gate.enter();
    try {
      return newest.getAll(own, keys);
    } finally {
      gate.leave();
    }
  }

  @Override
  public StoreCursor range(Keyspace keyspace, KeyRange range) {
    RocksdbKeyspace own = own(keyspace);
    gate.enter();
    try {
      return newest.range(own, range, gate, children);
    } finally {
      gate.leave();
    }
  }

  @Override
  public StoreSnapshot snapshot() {
    gate.enter();
    try {
      Snapshot snapshot = database.getSnapshot();
      ReadOptions snapshotOptions = new ReadOptions().setSnapshot(snapshot);
      Runnable release =
          () -> {
            snapshotOptions.close();
            database.releaseSnapshot(snapshot);
            snapshot.close();
          };
      children.add(release);
      return new RocksdbSnapshot(
          this,
          new RocksdbReader(database, snapshotOptions, snapshot, folder),
          new UseGate(gate, "snapshot-closed", "the snapshot has been closed; make another"),
          children,
          release);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void drop(Keyspace keyspace) {
    RocksdbKeyspace own = own(keyspace);
    gate.enter();
    try {
      registry.drop(own);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void flush() {
    gate.enter();
    try {
      if (options.wal) {
        syncLog();
      } else {
        flushBuffers();
      }
    } finally {
      gate.leave();
    }
  }

  @Override
  public void checkpoint(Path target) {
    gate.enter();
    try {
      if (Files.exists(target)) {
        throw new InvalidRequestException(
            "checkpoint-exists",
            "cannot write a checkpoint to " + target + ": it is there already");
      }
      if (!Files.isDirectory(target.toAbsolutePath().getParent())) {
        throw new InvalidRequestException(
            "checkpoint-parent", "cannot write a checkpoint to " + target + ": no parent folder");
      }
      try (Checkpoint checkpoint = Checkpoint.create(database)) {
        checkpoint.createCheckpoint(target.toString());
      }
    } catch (RocksDBException e) {
      throw Failures.of("writing a checkpoint to " + target, folder, e);
    } finally {
      gate.leave();
    }
  }

  @Override
  public long sizeBytes() {
    gate.enter();
    try {
      long files = database.getLongProperty("rocksdb.total-sst-files-size");
      // What is in the write-ahead log is in the buffers, too.
      return options.wal
          ? files + database.getLongProperty("rocksdb.cur-size-all-mem-tables")
          : files;
    } catch (RocksDBException e) {
      throw Failures.of("measuring", folder, e);
    } finally {
      gate.leave();
    }
  }

  /**
   * Frees everything, also when the last flush fails; then throws, because rows written since the
   * one before are lost and must come from the log again.
   */
  @Override
  public synchronized void close() {
    if (!gate.shut()) {
      return;
    }
    children.releaseAll();
    try {
      flushBuffers();
    } finally {
      database.close();
      options.close();
      note.close();
    }
  }

  /** The keyspace as one of this store's. */
  RocksdbKeyspace own(Keyspace keyspace) {
    if (keyspace instanceof RocksdbKeyspace own && own.belongsTo(this)) {
      return own;
    }
    throw new IllegalArgumentException(
        "keyspace " + keyspace.name() + " was made by another store");
  }

  private void syncLog() {
    try {
      long last = database.getLatestSequenceNumber();
      database.flushWal(true);
      note.note(last);
    } catch (RocksDBException e) {
      throw Failures.of("forcing the write-ahead log", folder, e);
    }
  }

  private void flushBuffers() {
    try {
      long last = database.getLatestSequenceNumber();
      database.flush(options.flush);
      note.note(last);
    } catch (RocksDBException e) {
      throw Failures.of("flushing", folder, e);
    }
  }

  private void measure(Meters meters) {
    String bytes = "bytes";
    meters.gauge(
        "store.files.size",
        bytes,
        "Bytes of the store's files.",
        () -> property("rocksdb.total-sst-files-size"));
    meters.gauge(
        "store.buffers.size",
        bytes,
        "Memory of the write buffers.",
        () -> property("rocksdb.cur-size-all-mem-tables"));
    meters.gauge(
        "store.cache.size",
        bytes,
        "Memory of the block cache in use.",
        () -> property("rocksdb.block-cache-usage"));
    meters.gauge(
        "store.compaction.pending",
        bytes,
        "Bytes that wait to be merged.",
        () -> property("rocksdb.estimate-pending-compaction-bytes"));
  }

  /** For meters, which may ask at any time; not a number when there is none. */
  private double property(String name) {
    if (!gate.tryEnter()) {
      return Double.NaN;
    }
    try {
      return database.getLongProperty(name);
    } catch (RocksDBException e) {
      return Double.NaN;
    } finally {
      gate.leave();
    }
  }
}
