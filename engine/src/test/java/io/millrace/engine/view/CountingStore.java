package io.millrace.engine.view;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Passes everything on, and counts snapshots. */
record CountingStore(Store store, AtomicInteger made, AtomicInteger open) implements Store {
  CountingStore(Store store) {
    this(store, new AtomicInteger(), new AtomicInteger());
  }

  @Override
  public StoreSnapshot snapshot() {
    StoreSnapshot snapshot = store.snapshot();
    made.incrementAndGet();
    open.incrementAndGet();
    return new Counted(snapshot, open);
  }

  private record Counted(StoreSnapshot snapshot, AtomicInteger open) implements StoreSnapshot {
    @Override
    public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
      return snapshot.get(keyspace, key);
    }

    @Override
    public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
      return snapshot.getAll(keyspace, keys);
    }

    @Override
    public StoreCursor range(Keyspace keyspace, KeyRange range) {
      return snapshot.range(keyspace, range);
    }

    @Override
    public void close() {
      open.decrementAndGet();
      snapshot.close();
    }
  }

  @Override
  public Keyspace keyspace(String name) {
    return store.keyspace(name);
  }

  @Override
  public List<String> keyspaces() {
    return store.keyspaces();
  }

  @Override
  public StoreBatch batch() {
    return store.batch();
  }

  @Override
  public void write(StoreBatch batch) {
    store.write(batch);
  }

  @Override
  public void drop(Keyspace keyspace) {
    store.drop(keyspace);
  }

  @Override
  public void flush() {
    store.flush();
  }

  @Override
  public void checkpoint(Path folder) {
    store.checkpoint(folder);
  }

  @Override
  public long sizeBytes() {
    return store.sizeBytes();
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    return store.get(keyspace, key);
  }

  @Override
  public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
    return store.getAll(keyspace, keys);
  }

  @Override
  public StoreCursor range(Keyspace keyspace, KeyRange range) {
    return store.range(keyspace, range);
  }

  @Override
  public void close() {
    store.close();
  }
}
