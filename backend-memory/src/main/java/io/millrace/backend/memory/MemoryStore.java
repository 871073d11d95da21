package io.millrace.backend.memory;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory: one reference to an immutable tree of all rows, exchanged by each batch.
 *
 * <p>Nothing survives {@link #close()}. Checkpoints are not supported.
 */
final class MemoryStore implements Store {
  private static final int MAX_NAME_BYTES = 512;

  private final RandomGenerator random;

  /** Guarded by this. */
  private final Map<String, MemoryKeyspace> keyspaces = new TreeMap<>();

  /** Guarded by this. */
  private long nextId = 1;

  private volatile @Nullable RowTree tree;
  private volatile boolean closed;

  MemoryStore(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public synchronized Keyspace keyspace(String name) {
    requireOpen();
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    if (utf8.length == 0 || utf8.length > MAX_NAME_BYTES) {
      throw new InvalidRequestException(
          "invalid-keyspace",
          "a keyspace's name has 1 to "
              + MAX_NAME_BYTES
              + " bytes of UTF-8; this one has "
              + utf8.length);
    }
    return keyspaces.computeIfAbsent(name, key -> new MemoryKeyspace(this, key, nextId++));
  }

  @Override
  public synchronized List<String> keyspaces() {
    requireOpen();
    return List.copyOf(keyspaces.keySet());
  }

  @Override
  public StoreBatch batch() {
    requireOpen();
    return new MemoryBatch(this);
  }

  @Override
  public synchronized void write(StoreBatch batch) {
    requireOpen();
    if (!(batch instanceof MemoryBatch own) || !own.belongsTo(this)) {
      throw new IllegalArgumentException("the batch was made by another store");
    }
    tree = own.applyTo(tree, random);
  }

  @Override
  public StoreSnapshot snapshot() {
    return now();
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    return now().get(keyspace, key);
  }

  @Override
  public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
    return now().getAll(keyspace, keys);
  }

  @Override
  public StoreCursor range(Keyspace keyspace, KeyRange range) {
    return now().range(keyspace, range);
  }

  @Override
  public synchronized void drop(Keyspace keyspace) {
    requireOpen();
    MemoryKeyspace own = own(keyspace);
    if (own.dropped()) {
      return;
    }
    own.markDropped();
    keyspaces.remove(own.name());
    tree = RowTree.removeRange(tree, own.stored(new byte[0]), own.storedEnd(null));
  }

  @Override
  public void flush() {
    requireOpen();
  }

  @Override
  public void checkpoint(Path folder) {
    requireOpen();
    throw new UnsupportedException(
        "checkpoint-unsupported",
        "the memory store keeps nothing on disk and cannot write a checkpoint; use another store");
  }

  @Override
  public long sizeBytes() {
    requireOpen();
    return RowTree.bytes(tree);
  }

  @Override
  public synchronized void close() {
    closed = true;
    tree = null;
  }

  MemoryKeyspace own(Keyspace keyspace) {
    if (keyspace instanceof MemoryKeyspace own && own.belongsTo(this)) {
      return own;
    }
    throw new IllegalArgumentException(
        "keyspace " + keyspace.name() + " was made by another store");
  }

  void requireOpen() {
    if (closed) {
      throw new UnavailableException("store-closed", "the store has been closed; open it again");
    }
  }

  private MemorySnapshot now() {
    requireOpen();
    return new MemorySnapshot(this, tree);
  }
}
