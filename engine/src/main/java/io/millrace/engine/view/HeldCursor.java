package io.millrace.engine.view;

import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreSnapshot;

/** A cursor that keeps a snapshot and a build in use until it is closed. */
class HeldCursor<T> implements Cursor<T> {
  private final Cursor<T> cursor;
  private final StoreSnapshot snapshot;
  private final ViewBuild build;
  private boolean closed;

  HeldCursor(Cursor<T> cursor, StoreSnapshot snapshot, ViewBuild build) {
    this.cursor = cursor;
    this.snapshot = snapshot;
    this.build = build;
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
        build.release();
      }
    }
  }
}
