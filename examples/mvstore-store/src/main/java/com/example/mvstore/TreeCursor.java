package com.example.mvstore;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreCursor;
import java.util.Arrays;
import org.h2.mvstore.Cursor;
import org.jspecify.annotations.Nullable;

/** A walk over the rows of one keyspace in one state of the store. */
final class TreeCursor implements StoreCursor {
  private final TreeStore store;
  private final TreeSnapshot snapshot;
  private final boolean ownsSnapshot;
  private final boolean reverse;
  private final byte[] from;
  private final byte[] to;
  private @Nullable Cursor<byte[], byte[]> rows;
  private byte @Nullable [] key;
  private byte @Nullable [] value;
  private boolean ended;
  private boolean closed;

  /**
   * @param ownsSnapshot whether closing the cursor closes the snapshot
   */
  TreeCursor(
      TreeStore store,
      TreeSnapshot snapshot,
      TreeKeyspace keyspace,
      KeyRange range,
      boolean ownsSnapshot) {
    this.store = store;
    this.snapshot = snapshot;
    this.ownsSnapshot = ownsSnapshot;
    this.reverse = range.reverse();
    this.from = keyspace.stored(range.from());
    this.to = keyspace.storedEnd(range.to());
  }

  @Override
  public boolean advance() {
    return store.reading(
        "reading the next row",
        tree -> {
          requireOpen();
          if (rows == null) {
            rows = tree.cursor(snapshot.root(), reverse ? to : from, null, reverse);
          }
          key = null;
          value = null;
          while (!ended && key == null) {
            step(rows);
          }
          return key != null;
        });
  }

  private void step(Cursor<byte[], byte[]> cursor) {
    if (!cursor.hasNext()) {
      ended = true;
      return;
    }
    byte[] next = cursor.next();
    boolean below = Arrays.compareUnsigned(next, from) < 0;
    boolean beyond = Arrays.compareUnsigned(next, to) >= 0;
    if (reverse ? below : beyond) {
      ended = true;
    } else if (!below && !beyond) {
      key = next;
      value = cursor.getValue();
    }
  }

  @Override
  public byte[] key() {
    byte[] current = onRow(key);
    return Arrays.copyOfRange(current, Long.BYTES, current.length);
  }

  @Override
  public byte[] current() {
    return onRow(value).clone();
  }

  private byte[] onRow(byte @Nullable [] array) {
    store.requireOpen();
    requireOpen();
    if (array == null) {
      throw new IllegalStateException("the cursor is not on a row");
    }
    return array;
  }

  private void requireOpen() {
    if (closed) {
      throw new UnavailableException("cursor-closed", "the cursor has been closed");
    }
    snapshot.requireOpen();
  }

  @Override
  public void close() {
    closed = true;
    if (ownsSnapshot) {
      snapshot.close();
    }
  }
}
