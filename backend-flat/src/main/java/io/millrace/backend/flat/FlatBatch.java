package io.millrace.backend.flat;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A list of changes. Ranged deletes become single ones when the batch is written. */
final class FlatBatch implements StoreBatch {
  private static final int MAX_KEY_BYTES = 65_535;

  /**
   * A ranged delete.
   *
   * @param place how many of the batch's changes come before it
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record RangeRemoval(int place, byte[] from, byte[] to) {}

  private final FlatStore store;
  private final List<FlatChange> changes = new ArrayList<>();
  private final List<RangeRemoval> removals = new ArrayList<>();
  private final Set<FlatKeyspace> keyspaces = new HashSet<>();
  private @Nullable FlatKeyspace last;
  private int size;
  private boolean spent;

  FlatBatch(FlatStore store) {
    this.store = store;
  }

  @Override
  public void put(Keyspace keyspace, byte[] key, byte[] value) {
    changes.add(new FlatChange(target(keyspace, key).stored(key), value.clone()));
    size++;
  }

  @Override
  public void delete(Keyspace keyspace, byte[] key) {
    changes.add(FlatChange.removal(target(keyspace, key).stored(key)));
    size++;
  }

  @Override
  public void deleteRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
    FlatKeyspace target = target(keyspace, from);
    if (to == null || Arrays.compareUnsigned(from, to) < 0) {
      removals.add(new RangeRemoval(changes.size(), target.stored(from), target.storedEnd(to)));
    }
    size++;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void close() {
    spent = true;
    changes.clear();
    removals.clear();
  }

  boolean belongsTo(FlatStore other) {
    return store == other;
  }

  /**
   * The changes, row by row. Ends this batch. Called by the one who writes, so that what a ranged
   * delete meets is all that there is.
   *
   * @param newest the rows before this batch
   */
  List<FlatChange> take(FlatReader newest) {
    requireUnspent();
    keyspaces.forEach(FlatBatch::requireLive);
    spent = true;
    if (removals.isEmpty()) {
      return changes;
    }
    List<FlatChange> all = new ArrayList<>();
    NavigableSet<byte[]> touched = new TreeSet<>(Arrays::compareUnsigned);
    int next = 0;
    for (RangeRemoval removal : removals) {
      for (FlatChange before : changes.subList(next, removal.place())) {
        all.add(before);
        touched.add(before.key());
      }
      next = removal.place();
      for (byte[] own : touched.subSet(removal.from(), removal.to())) {
        all.add(FlatChange.removal(own));
      }
      try (FlatWalk rows = newest.walk(removal.from(), removal.to(), false)) {
        while (rows.advance()) {
          all.add(FlatChange.removal(rows.key()));
        }
      }
    }
    all.addAll(changes.subList(next, changes.size()));
    return all;
  }

  private FlatKeyspace target(Keyspace keyspace, byte[] key) {
    requireUnspent();
    if (key.length > MAX_KEY_BYTES) {
      throw new InvalidRequestException(
          "key-too-long",
          "a key has at most " + MAX_KEY_BYTES + " bytes; this one has " + key.length);
    }
    FlatKeyspace known = last;
    if (known != null && known == keyspace) {
      return known;
    }
    FlatKeyspace target = store.own(keyspace);
    requireLive(target);
    keyspaces.add(target);
    last = target;
    return target;
  }

  private static void requireLive(FlatKeyspace keyspace) {
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
