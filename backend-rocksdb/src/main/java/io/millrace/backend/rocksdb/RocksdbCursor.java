package io.millrace.backend.rocksdb;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreCursor;
import io.millrace.backend.flat.OpenChildren;
import io.millrace.backend.flat.UseGate;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/**
 * A walk with a native iterator, which holds on to the state that it began with.
 *
 * <p>Key and value are fetched when they are asked for, once for each row.
 */
final class RocksdbCursor implements StoreCursor {
  private enum Place {
    BEFORE,
    ON_ROW,
    AFTER
  }

  private final RocksIterator iterator;
  private final boolean reverse;
  private final byte @Nullable [] start;
  private final UseGate gate;
  private final OpenChildren children;
  private final Runnable release;
  private final Path folder;

  private Place place = Place.BEFORE;
  private byte @Nullable [] key;
  private byte @Nullable [] value;
  private volatile boolean closed;

  private RocksdbCursor(
      RocksIterator iterator,
      boolean reverse,
      byte @Nullable [] start,
      UseGate gate,
      OpenChildren children,
      Runnable release,
      Path folder) {
    this.iterator = iterator;
    this.reverse = reverse;
    this.start = start;
    this.gate = gate;
    this.children = children;
    this.release = release;
    this.folder = folder;
  }

  /**
   * @param gate entered by the caller now, and by the cursor whenever it is used
   */
  static RocksdbCursor open(
      RocksDB database,
      @Nullable Snapshot snapshot,
      RocksdbKeyspace keyspace,
      KeyRange range,
      UseGate gate,
      OpenChildren children,
      Path folder) {
    byte[] from = keyspace.stored(range.from());
    // The iterator keeps pointers to the bounds, so they live as long as it does.
    Slice upper = new Slice(keyspace.storedEnd(range.to()));
    Slice lower = new Slice(from);
    RocksIterator iterator;
    try (ReadOptions options = new ReadOptions()) {
      options
          .setIterateUpperBound(upper)
          .setIterateLowerBound(lower)
          .setBackgroundPurgeOnIteratorCleanup(true);
      if (snapshot != null) {
        options.setSnapshot(snapshot);
      }
      iterator = database.newIterator(options);
    }
    Runnable release =
        () -> {
          iterator.close();
          lower.close();
          upper.close();
        };
    children.add(release);
    return new RocksdbCursor(
        iterator, range.reverse(), range.isEmpty() ? null : from, gate, children, release, folder);
  }

  @Override
  public boolean advance() {
    enter();
    try {
      key = null;
      value = null;
      if (place == Place.AFTER) {
        return false;
      }
      if (!move()) {
        place = Place.AFTER;
        iterator.status(); // the end, or an error that looks like one
        return false;
      }
      place = Place.ON_ROW;
      return true;
    } catch (RocksDBException e) {
      throw Failures.of("walking over keys", folder, e);
    } finally {
      gate.leave();
    }
  }

  private boolean move() {
    if (start == null) {
      return false;
    }
    if (place == Place.BEFORE) {
      if (reverse) {
        iterator.seekToLast();
      } else {
        iterator.seek(start);
      }
    } else if (reverse) {
      iterator.prev();
    } else {
      iterator.next();
    }
    return iterator.isValid();
  }

  @Override
  public byte[] key() {
    byte[] fetched = key;
    if (fetched == null || closed) {
      enter();
      try {
        requireRow();
        fetched = RocksdbKeyspace.withoutPrefix(iterator.key());
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
        requireRow();
        fetched = iterator.value();
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

  private void requireRow() {
    if (place != Place.ON_ROW) {
      throw new IllegalStateException("the cursor is not on a row");
    }
  }
}
