package com.example.mvstore;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.h2.mvstore.MVStore.TxCounter;
import org.h2.mvstore.RootReference;
import org.jspecify.annotations.Nullable;

/**
 * One state of the store: a root of the tree, which never changes, and the promise of MVStore to
 * leave alone what can be reached from it.
 */
final class TreeSnapshot implements StoreSnapshot {
  private final TreeStore store;
  private final TxCounter usage;
  private final RootReference<byte[], byte[]> root;
  private boolean closed;

  TreeSnapshot(TreeStore store, TxCounter usage, RootReference<byte[], byte[]> root) {
    this.store = store;
    this.usage = usage;
    this.root = root;
  }

  TxCounter usage() {
    return usage;
  }

  RootReference<byte[], byte[]> root() {
    return root;
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    byte[] stored = store.own(keyspace).stored(key);
    return store.reading(
        "reading a key",
        rows -> {
          requireOpen();
          byte[] value = rows.get(root.root, stored);
          return value == null ? null : value.clone();
        });
  }

  @Override
  public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
    store.requireOpen();
    requireOpen();
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    for (byte[] key : keys) {
      values.add(get(keyspace, key));
    }
    return values;
  }

  @Override
  public StoreCursor range(Keyspace keyspace, KeyRange range) {
    store.requireOpen();
    requireOpen();
    return new TreeCursor(store, this, store.own(keyspace), range, false);
  }

  synchronized void requireOpen() {
    if (closed) {
      throw new UnavailableException(
          "snapshot-closed", "the snapshot has been closed; make another");
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    store.release(this);
  }
}
