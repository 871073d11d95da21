package io.millrace.view.index;

import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Changes of one keyspace that are put into the batch in the order of their keys, deletions first:
 * stores find the place of a key sooner when it lies near the one before. No key may be put twice.
 * For one thread.
 */
final class OrderedChanges {
  private static final Comparator<Put> BY_KEY =
      (left, right) -> Arrays.compareUnsigned(left.key, right.key);

  private final List<byte[]> deletions = new ArrayList<>();
  private final List<Put> puts;

  @SuppressWarnings("ArrayRecordComponent")
  private record Put(byte[] key, byte[] value) {}

  /** Room for about this many puts. */
  OrderedChanges(int expected) {
    puts = new ArrayList<>(expected);
  }

  void put(byte[] key, byte[] value) {
    puts.add(new Put(key, value));
  }

  /** Removes a key, unless it is put. */
  void delete(byte[] key) {
    deletions.add(key);
  }

  boolean isEmpty() {
    return puts.isEmpty() && deletions.isEmpty();
  }

  void writeTo(StoreBatch batch, Keyspace keyspace) {
    deletions.sort(Arrays::compareUnsigned);
    for (byte[] key : deletions) {
      batch.delete(keyspace, key);
    }
    puts.sort(BY_KEY);
    for (Put put : puts) {
      batch.put(keyspace, put.key, put.value);
    }
  }
}
