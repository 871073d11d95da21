package com.example.mvstore;

import io.millrace.api.store.Keyspace;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A keyspace: eight bytes in front of every key, never used for another keyspace.
 *
 * <p>The rows under {@link #DIRECTORY} say which keyspace has which number.
 */
final class TreeKeyspace implements Keyspace {
  /** The number under which the names of keyspaces are kept. */
  static final long DIRECTORY = 0;

  private static final byte[] NO_KEY = {};

  private final TreeStore store;
  private final String name;
  private final long number;
  private volatile boolean dropped;

  TreeKeyspace(TreeStore store, String name, long number) {
    this.store = store;
    this.name = name;
    this.number = number;
  }

  @Override
  public String name() {
    return name;
  }

  boolean belongsTo(TreeStore other) {
    return store == other;
  }

  boolean dropped() {
    return dropped;
  }

  void markDropped() {
    dropped = true;
  }

  /** A key as the tree has it. */
  byte[] stored(byte[] key) {
    return stored(number, key);
  }

  /** An upper bound as the tree has it; null for the end of the keyspace. */
  byte[] storedEnd(byte @Nullable [] to) {
    return to == null ? stored(number + 1, NO_KEY) : stored(to);
  }

  /** The row of the directory that says which number this keyspace has: its key. */
  byte[] directoryKey() {
    return stored(DIRECTORY, name.getBytes(StandardCharsets.UTF_8));
  }

  /** The same: its value. */
  byte[] directoryValue() {
    return stored(number, NO_KEY);
  }

  static byte[] stored(long number, byte[] key) {
    return ByteBuffer.allocate(Long.BYTES + key.length).putLong(number).put(key).array();
  }
}
