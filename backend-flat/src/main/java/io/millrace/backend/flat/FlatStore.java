package io.millrace.backend.flat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.spi.Meters;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A store in one ordered space of keys; each keyspace is a prefix of four bytes.
 *
 * <p><b>Order.</b> Everything that changes rows (batches, drops, sweeping) is one write of the
 * engine, one after the other, so what survives is a prefix of the batches because the engine's
 * writes are.
 *
 * <p><b>Dropping</b> frees the name at once. Nobody can reach the rows any more, except through
 * snapshots made before; the {@link Sweeper} removes them. Ids are never used twice, so rows that
 * wait for it cannot come back.
 *
 * <p><b>Use after close.</b> Every call goes through {@link UseGate}; open cursors and snapshots
 * are freed by {@link #close()}.
 */
public final class FlatStore implements Store {
  private final Path folder;
  private final FlatEngine.Opener opener;
  private final FolderLock lock;
  private final FlatEngine engine;
  private final KeyspaceRegistry registry;
  private final UseGate gate =
      new UseGate(null, "store-closed", "the store has been closed; open it again");
  private final OpenChildren children = new OpenChildren(gate);
  private final Sweeper sweeper;

  /** Held by the one who writes. */
  private final ReentrantLock writing = new ReentrantLock();

  private FlatStore(
      FlatEngine.Opener opener,
      FlatEngine engine,
      FolderLock lock,
      Path folder,
      String engineName,
      int formatVersion) {
    this.folder = folder;
    this.opener = opener;
    this.engine = engine;
    this.lock = lock;
    this.registry = new KeyspaceRegistry(this, engineName, formatVersion, folder, writing);
    this.sweeper = new Sweeper(this, engine, gate);
  }

  /**
   * Opens the store in {@code folder}, which is there: empty, or left by such a store.
   *
   * @param opener called now, and for each checkpoint
   * @param engineName for messages
   * @param formatVersion what is written with this is opened by those who know it only
   */
  public static Store open(
      FlatEngine.Opener opener, Path folder, String engineName, int formatVersion, Meters meters) {
    FolderLock lock = FolderLock.take(folder);
    FlatStore store = null;
    boolean opened = false;
    try {
      FlatEngine engine = opener.open(folder);
      store = new FlatStore(opener, engine, lock, folder, engineName, formatVersion);
      store.registry.load(store.readStored(KeyspaceRegistry.headerKey()));
      store.sweeper.resume();
      opened = true;
    } finally {
      if (!opened) {
        abandon(store, lock);
      }
    }
    meters.gauge("store.files.size", "bytes", "Bytes of the store's files.", store::bytesOrNone);
    return store;
  }

  private static void abandon(@Nullable FlatStore store, FolderLock lock) {
    try (lock) {
      if (store != null) {
        store.gate.shut();
        store.sweeper.end();
        store.engine.close();
      }
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
    byte[] from = FlatKeyspace.prefix(KeyspaceRegistry.REGISTRY_ID);
    byte[] to = FlatKeyspace.prefix(KeyspaceRegistry.REGISTRY_ID + 1);
    try (FlatWalk rows = engine.walk(from, to, false)) {
      return registry.names(rows);
    } finally {
      gate.leave();
    }
  }

  @Override
  public StoreBatch batch() {
    gate.enter();
    gate.leave();
    return new FlatBatch(this);
  }

  @Override
  public void write(StoreBatch batch) {
    if (!(batch instanceof FlatBatch own) || !own.belongsTo(this)) {
      throw new IllegalArgumentException("the batch was made by another store");
    }
    gate.enter();
    writing.lock();
    try {
      apply(own.take(engine));
    } finally {
      writing.unlock();
      gate.leave();
    }
  }

  /** Hands {@code changes} to the engine. The caller has entered the gate. */
  void apply(List<FlatChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    writing.lock();
    try {
      engine.write(changes);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    FlatKeyspace own = own(keyspace);
    gate.enter();
    try {
      byte[] value = engine.get(own.stored(key));
      return own.dropped() ? null : value;
    } finally {
      gate.leave();
    }
  }

  /** A row of the store's own. The caller has entered the gate, or nobody else has the store. */
  byte @Nullable [] readStored(byte[] storedKey) {
    return engine.get(storedKey);
  }

  @Override
  public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
    FlatKeyspace own = own(keyspace);
    gate.enter();
    try {
      if (keys.size() <= 1) {
        return FlatSnapshot.all(engine, own, !own.dropped(), keys);
      }
      try (FlatMoment moment = engine.moment()) {
        return FlatSnapshot.all(moment, own, !own.dropped(), keys);
      }
    } finally {
      gate.leave();
    }
  }

  @Override
  public StoreCursor range(Keyspace keyspace, KeyRange range) {
    FlatKeyspace own = own(keyspace);
    gate.enter();
    try {
      FlatWalk walk = own.walk(engine, range);
      if (walk != null && own.dropped()) { // and perhaps swept in part before the walk began
        walk.close();
        walk = null;
      }
      return new FlatCursor(walk, gate, children);
    } finally {
      gate.leave();
    }
  }

  @Override
  public StoreSnapshot snapshot() {
    gate.enter();
    try {
      while (true) {
        long drops = registry.drops();
        FlatMoment moment = engine.moment();
        if (registry.drops() == drops) {
          UseGate own =
              new UseGate(gate, "snapshot-closed", "the snapshot has been closed; make another");
          return new FlatSnapshot(this, moment, drops, own, children);
        }
        moment.close(); // what was dropped meanwhile may be swept in part
      }
    } finally {
      gate.leave();
    }
  }

  @Override
  public void drop(Keyspace keyspace) {
    FlatKeyspace own = own(keyspace);
    gate.enter();
    writing.lock();
    try {
      if (!own.dropped()) {
        registry.drop(own);
        sweeper.add(own.id());
      }
    } finally {
      writing.unlock();
      gate.leave();
    }
  }

  @Override
  public void flush() {
    gate.enter();
    try {
      flushEngine();
    } finally {
      gate.leave();
    }
  }

  private void flushEngine() {
    writing.lock();
    try {
      engine.flush();
    } finally {
      writing.unlock();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Row by row into a fresh engine beside {@code target}, which is then given its name: whatever
   * the engine keeps in how many files, the copy is whole, and holds no rubbish. A crash leaves a
   * folder whose name ends with {@code .partial}.
   */
  @Override
  public void checkpoint(Path target) {
    gate.enter();
    try (FlatMoment moment = engine.moment()) {
      new Checkpoint(opener, folder).write(moment, target);
    } finally {
      gate.leave();
    }
  }

  @Override
  public long sizeBytes() {
    gate.enter();
    try {
      return FlatFolder.bytes(folder);
    } finally {
      gate.leave();
    }
  }

  /** For meters, which may ask at any time; not a number when there is none. */
  private double bytesOrNone() {
    if (!gate.tryEnter()) {
      return Double.NaN;
    }
    try {
      return FlatFolder.bytes(folder);
    } catch (MillraceException e) {
      return Double.NaN;
    } finally {
      gate.leave();
    }
  }

  /** Frees everything, also when the last flush fails; then throws. */
  @Override
  public synchronized void close() {
    if (!gate.shut()) {
      return;
    }
    sweeper.end();
    children.releaseAll();
    try (lock;
        engine) {
      flushEngine();
    }
  }

  /** The keyspace as one of this store's. */
  FlatKeyspace own(Keyspace keyspace) {
    if (keyspace instanceof FlatKeyspace own && own.belongsTo(this)) {
      return own;
    }
    throw new IllegalArgumentException(
        "keyspace " + keyspace.name() + " was made by another store");
  }
}
