package io.millrace.view.index.reduce;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import io.millrace.view.index.StoredRow;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Passes the changes of rows on to a batch and keeps the tree in step: a node is made for each row
 * with which one begins, goes with it, and {@link #markChanged} empties the nodes above all rows
 * that changed. For one batch.
 */
final class WatchedBatch implements StoreBatch {
  private final StoreReader present;
  private final StoreBatch batch;

  /** Whether nodes may be computed, so that there is something to mark. */
  private final boolean begun;

  /** The rows changed, and whether they are there afterwards; filled only when computing began. */
  private final NavigableMap<byte[], Boolean> changed = new TreeMap<>(Arrays::compareUnsigned);

  WatchedBatch(StoreReader present, Keyspace keyspace, StoreBatch batch) {
    this.present = present;
    this.batch = batch;
    this.begun = present.get(keyspace, NodeLayout.BEGUN_KEY) != null;
  }

  @Override
  public void put(Keyspace keyspace, byte[] key, byte[] value) {
    batch.put(keyspace, key, value);
    if (key[0] == StoredRow.ROWS) {
      for (int level = NodeLayout.level(key); level > 0; level--) {
        batch.put(keyspace, NodeLayout.nodeKey(level, key), NodeLayout.NOT_COMPUTED);
      }
      note(key, true);
    }
  }

  @Override
  public void delete(Keyspace keyspace, byte[] key) {
    batch.delete(keyspace, key);
    if (key[0] == StoredRow.ROWS) {
      for (int level = NodeLayout.level(key); level > 0; level--) {
        batch.delete(keyspace, NodeLayout.nodeKey(level, key));
      }
      note(key, false);
    }
  }

  private void note(byte[] key, boolean there) {
    if (begun) {
      changed.put(key, there);
    }
  }

  /**
   * Marks the nodes whose rows were changed as not computed. Called once, at the end.
   *
   * <p>Rows that lie in the same node of level 1 have the same nodes above them, so only the first
   * of them is followed upwards.
   */
  void markChanged(Keyspace keyspace) {
    Set<ByteBuffer> marked = new HashSet<>();
    byte[] latest = null;
    byte[] done = NodeLayout.FIRST;
    for (byte[] place : changed.keySet()) {
      if (Arrays.compareUnsigned(place, done) < 0) {
        continue;
      }
      byte[] node = markAbove(keyspace, place, marked);
      if (latest != null && Arrays.equals(latest, node)) {
        // The second one in a node: there may be many.
        done = nodeBehind(keyspace, place);
      }
      latest = node;
    }
  }

  /** Marks the nodes above one row; returns where the one of level 1 begins. */
  private byte[] markAbove(Keyspace keyspace, byte[] place, Set<ByteBuffer> marked) {
    byte[] start = NodeLayout.FIRST;
    for (int level = 1; level <= NodeLayout.LEVELS; level++) {
      Kept node = nodeAbove(keyspace, level, place);
      if (node == null) {
        // The first node, which has no rows or is not computed: the one above may be computed.
        continue;
      }
      byte[] nodeStart = NodeLayout.place(node.key);
      start = level == 1 ? nodeStart : start;
      // What is not computed, or was marked already, has nothing computed above it.
      if (node.value.length == 0 || !marked.add(ByteBuffer.wrap(node.key))) {
        return start;
      }
      if (Arrays.equals(nodeStart, NodeLayout.FIRST)) {
        batch.delete(keyspace, node.key);
      } else {
        batch.put(keyspace, node.key, NodeLayout.NOT_COMPUTED);
      }
    }
    return start;
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Kept(byte[] key, byte[] value) {}

  /** The node that {@code place} lies in or is the beginning of, of those that stay. */
  private @Nullable Kept nodeAbove(Keyspace keyspace, int level, byte[] place) {
    KeyRange range =
        KeyRange.between(
            NodeLayout.nodeKey(level, NodeLayout.FIRST), behind(NodeLayout.nodeKey(level, place)));
    try (StoreCursor cursor = present.range(keyspace, range.reversed(true))) {
      while (cursor.advance()) {
        byte[] key = cursor.key();
        if (stays(key)) {
          return new Kept(key, cursor.value());
        }
      }
    }
    return null;
  }

  /** Where the next node of level 1 behind {@code place} begins, of those that stay. */
  private byte[] nodeBehind(Keyspace keyspace, byte[] place) {
    KeyRange range =
        KeyRange.between(
            behind(NodeLayout.nodeKey(1, place)), NodeLayout.endKey(1, NodeLayout.BEYOND));
    try (StoreCursor cursor = present.range(keyspace, range)) {
      while (cursor.advance()) {
        byte[] key = cursor.key();
        if (stays(key)) {
          return NodeLayout.place(key);
        }
      }
    }
    return NodeLayout.BEYOND;
  }

  private static byte[] behind(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  private boolean stays(byte[] nodeKey) {
    return !Boolean.FALSE.equals(changed.get(NodeLayout.place(nodeKey)));
  }

  @Override
  public void deleteRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
    throw new UnsupportedOperationException("rows are removed one by one");
  }

  @Override
  public int size() {
    return batch.size();
  }

  @Override
  public void close() {
    batch.close();
  }
}
