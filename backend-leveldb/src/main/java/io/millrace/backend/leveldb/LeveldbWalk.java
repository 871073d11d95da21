package io.millrace.backend.leveldb;

import io.millrace.backend.flat.FlatWalk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.iq80.leveldb.DBIterator;
import org.jspecify.annotations.Nullable;

/**
 * A walk with a native iterator, which holds on to the state that it began with.
 *
 * <p>It begins with {@code seek} in both directions: the library reports what goes wrong there, but
 * not in {@code seekToFirst} and {@code seekToLast}. Backwards it therefore needs a row at or
 * beyond the upper bound to step back from, which {@link LeveldbEngine} keeps.
 */
final class LeveldbWalk implements FlatWalk {
  private final DBIterator iterator;
  private final byte[] from;
  private final byte[] to;
  private final boolean reverse;
  private final Path folder;
  private boolean begun;

  /** Where a walk backwards is; null before the first row. */
  private byte @Nullable [] behind;

  private Map.@Nullable Entry<byte[], byte[]> row;

  LeveldbWalk(DBIterator iterator, byte[] from, byte[] to, boolean reverse, Path folder) {
    this.iterator = iterator;
    this.from = from;
    this.to = to;
    this.reverse = reverse;
    this.folder = folder;
  }

  @Override
  public boolean advance() {
    row = null;
    try {
      if (!begun) {
        begun = true;
        iterator.seek(reverse ? to : from);
      }
      Map.Entry<byte[], byte[]> next = reverse ? previous() : iterator.next();
      boolean within =
          reverse
              ? Arrays.compareUnsigned(next.getKey(), from) >= 0
              : Arrays.compareUnsigned(next.getKey(), to) < 0;
      row = within ? next : null;
      return within;
    } catch (NoSuchElementException e) {
      return false;
    } catch (RuntimeException e) { // the library has no type for this
      throw Failures.of("walking over keys", folder, e);
    }
  }

  /**
   * The row before. The binding's own way back takes a step back, one forth and one back again, on
   * which LevelDB loses its place where later changes lie between; so each step begins with a seek
   * to where the walk is.
   */
  private Map.Entry<byte[], byte[]> previous() {
    byte[] place = behind;
    if (place != null) {
      iterator.seek(place);
    }
    Map.Entry<byte[], byte[]> found = iterator.peekPrev();
    behind = found.getKey();
    return found;
  }

  @Override
  public byte[] key() {
    return Objects.requireNonNull(row).getKey();
  }

  @Override
  public byte[] value() {
    return Objects.requireNonNull(row).getValue();
  }

  @Override
  public void close() {
    try {
      iterator.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // declared by the interface; a native iterator throws none
    }
  }
}
