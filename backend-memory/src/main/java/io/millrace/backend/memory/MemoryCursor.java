package io.millrace.backend.memory;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.store.StoreCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A walk over one tree, which finds each next row from the top by the key of the one before. */
final class MemoryCursor implements StoreCursor {
  private final MemorySnapshot snapshot;
  private final @Nullable RowTree tree;
  private final boolean reverse;

  /** What is left of the range. */
  private byte[] from;

  private byte[] to;
  private @Nullable RowTree row;
  private boolean closed;

  MemoryCursor(
      MemorySnapshot snapshot,
      @Nullable RowTree tree,
      byte[] storedFrom,
      byte[] storedTo,
      boolean reverse) {
    this.snapshot = snapshot;
    this.tree = tree;
    this.from = storedFrom;
    this.to = storedTo;
    this.reverse = reverse;
  }

  @Override
  public boolean advance() {
    requireOpen();
    RowTree next = reverse ? RowTree.below(tree, to) : RowTree.atOrAbove(tree, from);
    if (next == null
        || Arrays.compareUnsigned(next.key(), from) < 0
        || Arrays.compareUnsigned(next.key(), to) >= 0) {
      row = null;
      from = to;
      return false;
    }
    row = next;
    if (reverse) {
      to = next.key();
    } else {
      // The lowest key above this one is this one followed by a zero byte.
      from = Arrays.copyOf(next.key(), next.key().length + 1);
    }
    return true;
  }

  @Override
  public byte[] key() {
    return MemoryKeyspace.withoutPrefix(current(row).key());
  }

  @Override
  public byte[] current() {
    return current(row).value().clone();
  }

  @Override
  public void close() {
    closed = true;
    row = null;
  }

  private RowTree current(@Nullable RowTree candidate) {
    requireOpen();
    if (candidate == null) {
      throw new IllegalStateException("the cursor is not on a row");
    }
    return candidate;
  }

  private void requireOpen() {
    snapshot.requireOpen();
    if (closed) {
      throw new UnavailableException("cursor-closed", "the cursor has been closed");
    }
  }
}
