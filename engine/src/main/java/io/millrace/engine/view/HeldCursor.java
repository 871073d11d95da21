package io.millrace.engine.view;

import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreSnapshot;

/** A cursor that keeps a snapshot, and builds of views, in use until it is closed. */
class HeldCursor<T> implements Cursor<T> {
  private final Cursor<T> cursor;
  private final Runnable releaseSnapshot;
  private final Runnable releaseBuilds;
  private boolean closed;

  /**
   * @param releaseBuilds ends the use of the builds
   */
  HeldCursor(Cursor<T> cursor, StoreSnapshot snapshot, Runnable releaseBuilds) {
    this(cursor, snapshot::close, releaseBuilds);
  }

  /**
   * @param releaseSnapshot ends the use of the snapshot
   * @param releaseBuilds ends the use of the builds
   */
  HeldCursor(Cursor<T> cursor, Runnable releaseSnapshot, Runnable releaseBuilds) {
    this.cursor = cursor;
    this.releaseSnapshot = releaseSnapshot;
    this.releaseBuilds = releaseBuilds;
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
        releaseSnapshot.run();
      } finally {
        releaseBuilds.run();
      }
    }
  }
}
