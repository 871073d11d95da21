package io.millrace.engine.view;

import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreSnapshot;

/** A cursor that keeps a snapshot, and builds of views, in use until it is closed. */
class HeldCursor<T> implements Cursor<T> {
  private final Cursor<T> cursor;
  private final StoreSnapshot snapshot;
  private final Runnable release;
  private boolean closed;

  /**
   * @param release ends the use of the builds
   */
  HeldCursor(Cursor<T> cursor, StoreSnapshot snapshot, Runnable release) {
    this.cursor = cursor;
    this.snapshot = snapshot;
    this.release = release;
  }

  @Override
  public final boolean advance() {
    return cursor.advance();
  }

  @Override
  public final T current() {
    return cursor.current();
  }

  @Override
  public final void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      cursor.close();
    } finally {
      try {
        snapshot.close();
      } finally {
        release.run();
      }
    }
  }
}
