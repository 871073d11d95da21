package io.millrace.backend.memory;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A list of changes. */
final class MemoryBatch implements StoreBatch {
  private static final int MAX_KEY_BYTES = 65_535;

  /** One change of a tree. */
  private interface Change {
    @Nullable RowTree apply(@Nullable RowTree tree, RandomGenerator random);
  }

  private final MemoryStore store;
  private final List<MemoryKeyspace> keyspaces = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private boolean spent;

  MemoryBatch(MemoryStore store) {
    this.store = store;
  }

  @Override
  public void put(Keyspace keyspace, byte[] key, byte[] value) {
    byte[] stored = target(keyspace, key).stored(key);
    byte[] kept = value.clone();
    changes.add((tree, random) -> RowTree.put(tree, stored, kept, random.nextInt()));
  }

  @Override
  public void delete(Keyspace keyspace, byte[] key) {
    byte[] stored = target(keyspace, key).stored(key);
    changes.add((tree, random) -> RowTree.remove(tree, stored));
  }

  @Override
  public void deleteRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
    MemoryKeyspace target = target(keyspace, from);
    byte[] storedFrom = target.stored(from);
    byte[] storedTo = target.storedEnd(to);
    changes.add((tree, random) -> RowTree.removeRange(tree, storedFrom, storedTo));
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

  boolean belongsTo(MemoryStore other) {
    return store == other;
  }

  /** The tree with all changes. Ends this batch. */
  @Nullable RowTree applyTo(@Nullable RowTree tree, RandomGenerator random) {
    requireUnspent();
    keyspaces.forEach(MemoryBatch::requireLive);
    spent = true;
    RowTree changed = tree;
    for (Change change : changes) {
      changed = change.apply(changed, random);
    }
    return changed;
  }

  private MemoryKeyspace target(Keyspace keyspace, byte[] key) {
    requireUnspent();
    if (key.length > MAX_KEY_BYTES) {
      throw new InvalidRequestException(
          "key-too-long",
          "a key has at most " + MAX_KEY_BYTES + " bytes; this one has " + key.length);
    }
    MemoryKeyspace target = store.own(keyspace);
    requireLive(target);
    keyspaces.add(target);
    return target;
  }

  private static void requireLive(MemoryKeyspace keyspace) {
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
