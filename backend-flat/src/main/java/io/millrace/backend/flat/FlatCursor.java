package io.millrace.backend.flat;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.store.StoreCursor;
import org.jspecify.annotations.Nullable;

/** A walk within one keyspace. Key and value are fetched when they are asked for, once a row. */
final class FlatCursor implements StoreCursor {
  private final @Nullable FlatWalk walk;
  private final UseGate gate;
  private final OpenChildren children;
  private final Runnable release;

  private boolean onRow;
  private boolean ended;
  private byte @Nullable [] key;
  private byte @Nullable [] value;
  private volatile boolean closed;

  /**
   * @param walk null for one over nothing
   * @param gate entered by the caller now, and by the cursor whenever it is used
   */
  FlatCursor(@Nullable FlatWalk walk, UseGate gate, OpenChildren children) {
    this.walk = walk;
    this.gate = gate;
    this.children = children;
    this.release = walk == null ? () -> {} : walk::close;
    children.add(release);
  }

  @Override
  public boolean advance() {
    enter();
    try {
      key = null;
      value = null;
      onRow = false;
      if (ended || walk == null) {
        return false;
      }
      ended = true; // unless it goes well
      onRow = walk.advance();
      ended = !onRow;
      return onRow;
    } finally {
      gate.leave();
    }
  }

  @Override
  public byte[] key() {
    byte[] fetched = key;
    if (fetched == null || closed) {
      enter();
      try {
        fetched = FlatKeyspace.withoutPrefix(row().key());
        key = fetched;
      } finally {
        gate.leave();
      }
    }
    return fetched;
  }

  @Override
  public byte[] current() {
    byte[] fetched = value;
    if (fetched == null || closed) {
      enter();
      try {
        fetched = row().value();
        value = fetched;
      } finally {
        gate.leave();
      }
    }
    return fetched;
  }

  @Override
  public void close() {
    closed = true;
    children.release(release);
  }

  private void enter() {
    gate.enter();
    if (closed) {
      gate.leave();
      throw new UnavailableException("cursor-closed", "the cursor has been closed");
    }
  }

  private FlatWalk row() {
    if (walk == null || !onRow) {
      throw new IllegalStateException("the cursor is not on a row");
    }
    return walk;
  }
}
