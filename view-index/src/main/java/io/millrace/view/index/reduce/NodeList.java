package io.millrace.view.index.reduce;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The nodes of one level that begin in a range of rows, each with where the next one begins. */
final class NodeList implements AutoCloseable {
  private final StoreCursor cursor;
  private final byte[] end;

  /** What was read already, and comes before what the cursor gives. */
  private final Deque<Kept> waiting = new ArrayDeque<>();

  /** The node that is next; null when there is none. */
  private @Nullable Kept ahead;

  /**
   * A node.
   *
   * @param start its row, or {@link NodeLayout#FIRST}
   * @param value as it is kept; empty when it is not computed
   * @param end the row of the next one, or the end of the range
   * @param last whether there is no next one in the range
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Node(byte[] start, byte[] value, byte[] end, boolean last) {
    boolean isComputed() {
      return value.length > 0;
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Kept(byte[] start, byte[] value) {}

  /**
   * Lists the nodes of {@code level}.
   *
   * @param start the first row; with {@link NodeLayout#FIRST} the first node is listed whether it
   *     is kept or not
   * @param end beyond the last row
   */
  NodeList(StoreReader reader, Keyspace keyspace, int level, byte[] start, byte[] end) {
    this.end = end;
    this.cursor =
        reader.range(
            keyspace,
            KeyRange.between(NodeLayout.nodeKey(level, start), NodeLayout.endKey(level, end)));
    this.ahead = step();
    if (Arrays.equals(start, NodeLayout.FIRST)
        && (ahead == null || !Arrays.equals(ahead.start, start))) {
      if (ahead != null) {
        waiting.add(ahead);
      }
      ahead = new Kept(start, NodeLayout.NOT_COMPUTED);
    }
  }

  private @Nullable Kept step() {
    if (!waiting.isEmpty()) {
      return waiting.remove();
    }
    return cursor.advance() ? new Kept(NodeLayout.place(cursor.key()), cursor.value()) : null;
  }

  /** The next node; null when there is none. */
  @Nullable Node next() {
    Kept kept = ahead;
    if (kept == null) {
      return null;
    }
    ahead = step();
    return new Node(kept.start, kept.value, ahead == null ? end : ahead.start, ahead == null);
  }

  /** The next node, which must begin at {@code start}. */
  Node first(byte[] start) {
    Node node = next();
    if (node == null || !Arrays.equals(node.start(), start)) {
      throw new CorruptionException("row index", "a partial reduction is missing");
    }
    return node;
  }

  @Override
  public void close() {
    cursor.close();
  }
}
