package io.millrace.tck.faults;

import io.millrace.api.error.UnsupportedException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.tck.store.ReferenceStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store in memory whose batches are also in a {@link RecordFile}. */
final class OneFileStore implements Store {
  private enum Kind {
    PUT,
    DELETE,
    DELETE_RANGE,
    DELETE_REST,
    DROP
  }

  private final RecordFile file;
  private final Store memory = ReferenceStore.empty();

  OneFileStore(RecordFile file) {
    this.file = file;
    file.batches().forEach(this::replay);
  }

  private void replay(List<byte[]> changes) {
    try (StoreBatch batch = memory.batch()) {
      changes.forEach(change -> replay(ByteBuffer.wrap(change), batch));
      memory.write(batch);
    }
  }

  private void replay(ByteBuffer change, StoreBatch batch) {
    Kind kind = Kind.values()[change.get()];
    Keyspace keyspace = memory.keyspace(new String(bytes(change), StandardCharsets.UTF_8));
    byte[] key = bytes(change);
    byte[] value = bytes(change);
    switch (kind) {
      case PUT -> batch.put(keyspace, key, value);
      case DELETE -> batch.delete(keyspace, key);
      case DELETE_RANGE -> batch.deleteRange(keyspace, key, value);
      case DELETE_REST -> batch.deleteRange(keyspace, key, null);
      case DROP -> memory.drop(keyspace);
    }
  }

  private static byte[] bytes(ByteBuffer from) {
    byte[] bytes = new byte[from.getInt()];
    from.get(bytes);
    return bytes;
  }

  private static byte[] encode(Kind kind, Keyspace keyspace, byte[] key, byte[] value) {
    byte[] name = keyspace.name().getBytes(StandardCharsets.UTF_8);
    int lengths = 1 + 3 * Integer.BYTES;
    ByteBuffer change = ByteBuffer.allocate(lengths + name.length + key.length + value.length);
    change.put((byte) kind.ordinal()).putInt(name.length).put(name);
    change.putInt(key.length).put(key).putInt(value.length).put(value);
    return change.array();
  }

  @Override
  public StoreBatch batch() {
    return new Batch(memory.batch());
  }

  @Override
  public void write(StoreBatch batch) {
    Batch own = (Batch) batch;
    file.append(own.changes);
    memory.write(own.inMemory);
  }

  @Override
  public void drop(Keyspace keyspace) {
    byte[] none = new byte[0];
    file.append(List.of(encode(Kind.DROP, keyspace, none, none)));
    memory.drop(keyspace);
  }

  @Override
  public void flush() {
    file.force();
  }

  @Override
  public Keyspace keyspace(String name) {
    return memory.keyspace(name);
  }

  @Override
  public List<String> keyspaces() {
    return memory.keyspaces();
  }

  @Override
  public StoreSnapshot snapshot() {
    return memory.snapshot();
  }

  @Override
  public byte @Nullable [] get(Keyspace keyspace, byte[] key) {
    return memory.get(keyspace, key);
  }

  @Override
  public List<byte @Nullable []> getAll(Keyspace keyspace, List<byte[]> keys) {
    return memory.getAll(keyspace, keys);
  }

  @Override
  public StoreCursor range(Keyspace keyspace, KeyRange range) {
    return memory.range(keyspace, range);
  }

  @Override
  public void checkpoint(Path folder) {
    throw new UnsupportedException("checkpoint-unsupported", "it cannot be copied");
  }

  @Override
  public long sizeBytes() {
    return memory.sizeBytes();
  }

  @Override
  public void close() {
    memory.close();
    file.close();
  }

  private static final class Batch implements StoreBatch {
    private final StoreBatch inMemory;
    private final List<byte[]> changes = new ArrayList<>();

    Batch(StoreBatch inMemory) {
      this.inMemory = inMemory;
    }

    @Override
    public void put(Keyspace keyspace, byte[] key, byte[] value) {
      inMemory.put(keyspace, key, value);
      changes.add(encode(Kind.PUT, keyspace, key, value));
    }

    @Override
    public void delete(Keyspace keyspace, byte[] key) {
      inMemory.delete(keyspace, key);
      changes.add(encode(Kind.DELETE, keyspace, key, new byte[0]));
    }

    @Override
    public void deleteRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
      inMemory.deleteRange(keyspace, from, to);
      Kind kind = to == null ? Kind.DELETE_REST : Kind.DELETE_RANGE;
      changes.add(encode(kind, keyspace, from, to == null ? new byte[0] : to));
    }

    @Override
    public int size() {
      return inMemory.size();
    }

    @Override
    public void close() {
      inMemory.close();
    }
  }
}
