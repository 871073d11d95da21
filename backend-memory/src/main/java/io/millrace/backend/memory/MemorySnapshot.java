package io.millrace.backend.memory;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One state of the store: a reference to a tree that never changes. */
final class MemorySnapshot implements StoreSnapshot {
  private final MemoryStore store;
  private final @Nullable RowTree tree;
  private volatile boolean closed;

  MemorySnapshot(MemoryStore store, @Nullable RowTree tree) {
    this.store = store;
    this.tree = tree;
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    requireOpen();
    byte[] value = RowTree.get(tree, store.own(keyspace).stored(key));
    return value == null ? null : value.clone();
  }

  @Override
  public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    for (byte[] key : keys) {
      values.add(get(keyspace, key));
    }
    return values;
  }

  @Override
  public StoreCursor range(Keyspace keyspace, KeyRange range) {
    requireOpen();
    MemoryKeyspace own = store.own(keyspace);
    return new MemoryCursor(
        this, tree, own.stored(range.from()), own.storedEnd(range.to()), range.reverse());
  }

  @Override
  public void close() {
    closed = true;
  }

  void requireOpen() {
    store.requireOpen();
    if (closed) {
      throw new UnavailableException(
          "snapshot-closed", "the snapshot has been closed; make another");
    }
  }
}
