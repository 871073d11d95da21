package io.millrace.backend.memory;

import io.millrace.api.store.Keyspace;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A keyspace: eight bytes in front of every key, never used for another keyspace. */
final class MemoryKeyspace implements Keyspace {
  private final MemoryStore store;
  private final String name;
  private final long id;
  private volatile boolean dropped;

  MemoryKeyspace(MemoryStore store, String name, long id) {
    this.store = store;
    this.name = name;
    this.id = id;
  }

  @Override
  public String name() {
    return name;
  }

  boolean belongsTo(MemoryStore other) {
    return store == other;
  }

  boolean dropped() {
    return dropped;
  }

  void markDropped() {
    dropped = true;
  }

  /** The key as the tree has it. */
  byte[] stored(byte[] key) {
    return ByteBuffer.allocate(Long.BYTES + key.length).putLong(id).put(key).array();
  }

  /** An upper bound as the tree has it; null for the end of the keyspace. */
  byte[] storedEnd(byte @Nullable [] to) {
    return to == null ? ByteBuffer.allocate(Long.BYTES).putLong(id + 1).array() : stored(to);
  }

  static byte[] withoutPrefix(byte[] stored) {
    byte[] key = new byte[stored.length - Long.BYTES];
    System.arraycopy(stored, Long.BYTES, key, 0, key.length);
    return key;
  }

  @Override
  public String toString() {
    return "keyspace " + name;
  }
}
