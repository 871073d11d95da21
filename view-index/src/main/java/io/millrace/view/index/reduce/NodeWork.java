package io.millrace.view.index.reduce;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import io.millrace.view.index.StoredRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes nodes from the rows and nodes below them, bottom up.
 *
 * <p>Either for settling: what is computed is put into a batch, and the work ends when its portion
 * is used up. Or for a reader who needs what is not computed yet: then nothing is put and there is
 * no end before the value is there. Both compute the same value. For one thread.
 */
final class NodeWork {
  /** So many rows are a portion. */
  private static final int PORTION_ROWS = 20_000;

  /** So much time is a portion too; a real duration, not a time of day. */
  private static final long PORTION_NANOS = 20_000_000;

  /** So many nodes are prepared together; their rows are in memory meanwhile. */
  private static final int CHILDREN_TOGETHER = 64;

  private final StoreReader reader;
  private final Keyspace keyspace;
  private final Reducer reducer;
  private final @Nullable StoreBatch batch;
  private final long startNanos = System.nanoTime();
  private long rows;

  NodeWork(StoreReader reader, Keyspace keyspace, Reducer reducer, @Nullable StoreBatch batch) {
    this.reader = reader;
    this.keyspace = keyspace;
    this.reducer = reducer;
    this.batch = batch;
  }

  /**
   * Computes what is not computed.
   *
   * @return whether everything is computed now
   */
  boolean settle() {
    try (NodeList nodes = list(NodeLayout.LEVELS, NodeLayout.FIRST, NodeLayout.BEYOND)) {
      for (NodeList.Node node = nodes.next(); node != null; node = nodes.next()) {
        if (!node.isComputed() && compute(NodeLayout.LEVELS, node.start(), node.end()) == null) {
          return false;
        }
      }
    }
    return true;
  }

  private NodeList list(int level, byte[] start, byte[] end) {
    return new NodeList(reader, keyspace, level, start, end);
  }

  /**
   * The value of the node of {@code level} from {@code start} to {@code end}, which is not computed
   * yet; empty when there are no rows, null when the portion is used up.
   */
  byte @Nullable [] compute(int level, byte[] start, byte[] end) {
    byte[] value = level == 1 ? ofRows(start, end) : ofNodes(level - 1, start, end);
    return value == null ? null : put(level, start, value);
  }

  private byte[] put(int level, byte[] start, byte[] value) {
    if (batch != null && value.length > 0) {
      batch.put(keyspace, NodeLayout.nodeKey(level, start), value);
    }
    return value;
  }

  private byte @Nullable [] ofRows(byte[] start, byte[] end) {
    return isUsedUp() ? null : read(start, end).value();
  }

  private Part read(byte[] start, byte[] end) {
    Part part = new Part();
    try (StoreCursor cursor = reader.range(keyspace, KeyRange.between(start, end))) {
      while (cursor.advance()) {
        part.add(StoredRow.of(cursor.key(), cursor.value()));
        rows++;
      }
    }
    return part;
  }

  private byte @Nullable [] ofNodes(int level, byte[] start, byte[] end) {
    Part whole = new Part();
    List<Child> children = new ArrayList<>();
    try (NodeList nodes = list(level, start, end)) {
      for (NodeList.Node node = nodes.first(start); node != null; node = nodes.next()) {
        Child child = child(level, node);
        if (child == null) {
          merge(level, children, whole);
          return null;
        }
        children.add(child);
        if (children.size() == CHILDREN_TOGETHER) {
          merge(level, children, whole);
        }
      }
    }
    merge(level, children, whole);
    return whole.value();
  }

  /**
   * A node below the one that is computed.
   *
   * @param value if it was computed
   * @param made its value while it is made, otherwise
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Child(NodeList.Node node, byte @Nullable [] value, @Nullable Part made) {}

  private @Nullable Child child(int level, NodeList.Node node) {
    if (node.isComputed()) {
      return new Child(node, node.value(), null);
    }
    if (level == 1) {
      return isUsedUp() ? null : new Child(node, null, read(node.start(), node.end()));
    }
    byte[] value = compute(level, node.start(), node.end());
    return value == null ? null : new Child(node, value, null);
  }

  /** Adds {@code children} to the whole; those of rows are computed together. */
  private void merge(int level, List<Child> children, Part whole) {
    List<Reduction> made = new ArrayList<>();
    for (Child child : children) {
      if (child.made() != null && child.made().isSound()) {
        made.add(child.made().reduction);
      }
    }
    reducer.prepare(made);
    for (Child child : children) {
      byte[] value = child.value();
      if (child.made() != null) {
        value = put(level, child.node().start(), child.made().value());
      }
      if (value != null && value.length > 0) {
        whole.merge(value);
      }
    }
    children.clear();
  }

  /** Whether the portion is used up; never before the rows of one node were reduced. */
  private boolean isUsedUp() {
    return batch != null
        && rows > 0
        && (rows >= PORTION_ROWS
            || System.nanoTime() - startNanos >= PORTION_NANOS
            || Thread.currentThread().isInterrupted());
  }

  /** The value of one node while it is made. The first failure is what counts. */
  private final class Part {
    private final Reduction reduction = reducer.begin();
    private @Nullable String failure;
    private boolean empty = true;

    void add(StoredRow row) {
      empty = false;
      if (failure == null) {
        try {
          reduction.add(row);
        } catch (ReductionFailedException e) {
          failure = message(e);
        }
      }
    }

    void merge(byte[] value) {
      empty = false;
      if (failure == null) {
        try {
          reduction.merge(NodeLayout.partial(value));
        } catch (ReductionFailedException e) {
          failure = message(e);
        }
      }
    }

    /** Whether there are rows, and none that cannot be reduced so far. */
    boolean isSound() {
      return !empty && failure == null;
    }

    byte[] value() {
      if (empty) {
        return NodeLayout.NOT_COMPUTED;
      }
      if (failure == null) {
        try {
          return NodeLayout.reduced(reduction.partial());
        } catch (ReductionFailedException e) {
          return NodeLayout.failed(message(e));
        }
      }
      return NodeLayout.failed(failure);
    }

    private static String message(ReductionFailedException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
