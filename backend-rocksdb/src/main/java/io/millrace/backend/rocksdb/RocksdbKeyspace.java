package io.millrace.backend.rocksdb;

import io.millrace.api.store.Keyspace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A keyspace: four bytes in front of every key, big-endian, so that keyspaces lie one behind the
 * other.
 */
final class RocksdbKeyspace implements Keyspace {
  static final int PREFIX_BYTES = Integer.BYTES;

  private final RocksdbStore store;
  private final String name;
  private final int id;

  /** Set while no write is under way. */
  private volatile boolean dropped;

  RocksdbKeyspace(RocksdbStore store, String name, int id) {
    this.store = store;
    this.name = name;
    this.id = id;
  }

  @Override
  public String name() {
    return name;
  }

  boolean belongsTo(RocksdbStore other) {
    return store == other;
  }

  int id() {
    return id;
  }

  boolean dropped() {
    return dropped;
  }

  void markDropped() {
    dropped = true;
  }

  /** The key as it is stored. */
  byte[] stored(byte[] key) {
    byte[] stored = new byte[PREFIX_BYTES + key.length];
    writePrefix(stored, 0, id);
    System.arraycopy(key, 0, stored, PREFIX_BYTES, key.length);
    return stored;
  }

  /** The stored form of an upper bound; null for the end of the keyspace. */
  byte[] storedEnd(byte @Nullable [] to) {
    return to == null ? prefix(id + 1) : stored(to);
  }

  static byte[] prefix(int id) {
    byte[] prefix = new byte[PREFIX_BYTES];
    writePrefix(prefix, 0, id);
    return prefix;
  }

  static byte[] withoutPrefix(byte[] stored) {
    return Arrays.copyOfRange(stored, PREFIX_BYTES, stored.length);
  }

  static void writePrefix(byte[] target, int position, int id) {
    target[position] = (byte) (id >>> 24);
    target[position + 1] = (byte) (id >>> 16);
    target[position + 2] = (byte) (id >>> 8);
    target[position + 3] = (byte) id;
  }

  @Override
  public String toString() {
    return "keyspace " + name;
  }
}
