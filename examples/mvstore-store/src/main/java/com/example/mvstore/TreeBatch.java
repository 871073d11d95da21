package com.example.mvstore;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A list of changes. */
final class TreeBatch implements StoreBatch {
  private static final int MAX_KEY_BYTES = 65_535;

  /**
   * One change.
   *
   * @param from the key, or the first key of a range, as the tree has it
   * @param to the first key beyond a range; null for a single key
   * @param value null for a deletion
   */
  record Change(byte[] from, byte @Nullable [] to, byte @Nullable [] value) {}

  private final TreeStore store;
  private final Set<TreeKeyspace> keyspaces = new LinkedHashSet<>();
  private final List<Change> changes = new ArrayList<>();
  private long bytes;
  private boolean spent;

  TreeBatch(TreeStore store) {
    this.store = store;
  }

  @Override
  public void put(Keyspace keyspace, byte[] key, byte[] value) {
    add(new Change(target(keyspace, key).stored(key), null, value.clone()));
    bytes += key.length + value.length;
  }

  @Override
  public void delete(Keyspace keyspace, byte[] key) {
    add(new Change(target(keyspace, key).stored(key), null, null));
  }

  @Override
  public void deleteRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
    TreeKeyspace target = target(keyspace, from);
    add(new Change(target.stored(from), target.storedEnd(to), null));
  }

  @Override
  public int size() {
    return changes.size();
  }

  @Override
  public void close() {
    spent = true;
    changes.clear();
  }

  boolean belongsTo(TreeStore other) {
    return store == other;
  }

  /** The keyspaces that are written to; none of them was dropped. */
  Set<TreeKeyspace> keyspaces() {
    keyspaces.forEach(TreeBatch::requireLive);
    return keyspaces;
  }

  /** The changes, in order. Ends this batch. */
  List<Change> take() {
    requireUnspent();
    spent = true;
    return changes;
  }

  /** About how much room the changes take. */
  long bytes() {
    return bytes + changes.size() * 32L;
  }

  private void add(Change change) {
    changes.add(change);
  }

  private TreeKeyspace target(Keyspace keyspace, byte[] key) {
    requireUnspent();
    if (key.length > MAX_KEY_BYTES) {
      throw new InvalidRequestException(
          "key-too-long",
          "a key has at most " + MAX_KEY_BYTES + " bytes; this one has " + key.length);
    }
    TreeKeyspace target = store.own(keyspace);
    requireLive(target);
    keyspaces.add(target);
    return target;
  }

  private static void requireLive(TreeKeyspace keyspace) {
    if (keyspace.dropped()) {
      throw new InvalidRequestException(
          "keyspace-dropped",
          "keyspace " + keyspace.name() + " was dropped; ask the store for it again");
    }
  }

  private void requireUnspent() {
    if (spent) {
      throw new IllegalStateException("the batch was written or closed before");
    }
  }
}
