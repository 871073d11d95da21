package io.millrace.backend.rocksdb;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.backend.flat.OpenChildren;
import io.millrace.backend.flat.UseGate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store at one moment. Has a gate of its own, since other threads may read while it closes. */
final class RocksdbSnapshot implements StoreSnapshot {
  private final RocksdbStore store;
  private final RocksdbReader reader;
  private final UseGate gate;
  private final OpenChildren children;
  private final Runnable release;

  /**
   * @param gate within the store's
   * @param release frees what {@code reader} uses; known to {@code children}
   */
  RocksdbSnapshot(
      RocksdbStore store,
      RocksdbReader reader,
      UseGate gate,
      OpenChildren children,
      Runnable release) {
    this.store = store;
    this.reader = reader;
    this.gate = gate;
    this.children = children;
    this.release = release;
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    byte[] stored = store.own(keyspace).stored(key);
    gate.enter();
    try {
      return reader.get(stored);
    } finally {
      gate.leave();
    }
  }

  @Override
  public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
    RocksdbKeyspace own = store.own(keyspace);
    gate.enter();
    try {
      return reader.getAll(own, keys);
    } finally {
      gate.leave();
    }
  }

  @Override
  public StoreCursor range(Keyspace keyspace, KeyRange range) {
    RocksdbKeyspace own = store.own(keyspace);
    gate.enter();
    try {
      return reader.range(own, range, gate, children);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void close() {
    gate.shut();
    children.release(release);
  }
}
