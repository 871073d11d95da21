package io.millrace.view.index.reduce;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import io.millrace.view.index.StoredRow;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reduces ranges of rows through the tree.
 *
 * <p>A range is cut into rows and whole nodes by the keys of its rows alone, whether the nodes are
 * computed or not, so that an answer never depends on how far settling has come.
 */
final class RangeReader {
  /** So many rows of a range are read before nodes are looked for. */
  static final int DIRECT_ROWS = 64;

  private final StoreReader reader;
  private final Keyspace keyspace;
  private final Reducer reducer;

  RangeReader(StoreReader reader, Keyspace keyspace, Reducer reducer) {
    this.reader = reader;
    this.keyspace = keyspace;
    this.reducer = reducer;
  }

  /** A reduction of nothing yet. */
  Reduction begin() {
    return reducer.begin();
  }

  /** The rows of {@code range}. */
  StoreCursor rows(KeyRange range) {
    return reader.range(keyspace, range);
  }

  /**
   * Adds the rows from {@code from} to {@code to}.
   *
   * @return the first of them; null when there is none
   */
  @Nullable StoredRow addRange(byte[] from, byte[] to, Reduction into) {
    StoredRow first = null;
    int read = 0;
    try (StoreCursor cursor = rows(KeyRange.between(from, to))) {
      while (cursor.advance()) {
        StoredRow row = StoredRow.of(cursor.key(), cursor.value());
        if (read++ == DIRECT_ROWS) {
          addNodes(row.place(), to, into);
          return first;
        }
        first = first == null ? row : first;
        into.add(row);
      }
    }
    return first;
  }

  /** Adds the rows from {@code from} to {@code to}, looking for nodes at once. */
  void addNodes(byte[] from, byte[] to, Reduction into) {
    visit(NodeLayout.LEVELS, from, to, Arrays.equals(to, NodeLayout.BEYOND), into);
  }

  /**
   * Adds a range by nodes of at most {@code level}.
   *
   * @param whole whether the last node that begins in the range ends with it
   */
  private void visit(int level, byte[] from, byte[] to, boolean whole, Reduction into) {
    if (level == 0) {
      addRows(from, to, into);
      return;
    }
    try (NodeList nodes = new NodeList(reader, keyspace, level, from, to)) {
      NodeList.Node node = nodes.next();
      if (node == null) {
        visit(level - 1, from, to, whole, into);
        return;
      }
      if (!Arrays.equals(from, node.start())) {
        visit(level - 1, from, node.start(), true, into);
      }
      for (; node != null; node = nodes.next()) {
        if (node.last() && !whole) {
          visit(level - 1, node.start(), to, false, into);
        } else {
          addNode(level, node, into);
        }
      }
    }
  }

  private void addRows(byte[] from, byte[] to, Reduction into) {
    try (StoreCursor cursor = rows(KeyRange.between(from, to))) {
      while (cursor.advance()) {
        into.add(StoredRow.of(cursor.key(), cursor.value()));
      }
    }
  }

  private void addNode(int level, NodeList.Node node, Reduction into) {
    byte[] value = node.value();
    if (!node.isComputed()) {
      NodeWork work = new NodeWork(reader, keyspace, reducer, null);
      value = Objects.requireNonNull(work.compute(level, node.start(), node.end()));
    }
    if (value.length > 0) {
      into.merge(NodeLayout.partial(value));
    }
  }
}
