package io.millrace.view.index.reduce;

import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.view.Row;
import io.millrace.view.index.RowQuery;
import io.millrace.view.index.StoredRow;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Groups, highest first, reduced one at a time. The rows of each are reduced in their order all the
 * same, so that a group has the same value in either direction.
 */
final class ReverseGroupCursor implements Cursor<Row> {
  private final RangeReader reader;
  private final Grouping grouping;
  private final Iterator<KeyRange> ranges;
  private long left;

  /** What is left of the present range; null when there is none. */
  private @Nullable KeyRange rest;

  private @Nullable Row current;

  ReverseGroupCursor(RangeReader reader, Grouping grouping, RowQuery query) {
    this.reader = reader;
    this.grouping = grouping;
    this.ranges = query.ranges().iterator();
    this.left = query.limit();
  }

  @Override
  public boolean advance() {
    current = null;
    StoredRow row = left > 0 ? lastRow() : null;
    if (row == null) {
      close();
      return false;
    }
    left--;
    Grouping.Group group = grouping.of(row);
    Deque<KeyRange> parts = new ArrayDeque<>();
    while (row != null && group.contains(row)) {
      parts.addFirst(cutOff(group));
      row = lastRow();
    }
    Reduction reduction = reader.begin();
    StoredRow first = null;
    for (KeyRange part : parts) {
      byte[] to = part.to() == null ? NodeLayout.BEYOND : part.to();
      StoredRow firstOfPart = reader.addRange(part.from(), to, reduction);
      first = first == null ? firstOfPart : first;
    }
    if (first == null) {
      throw new IllegalStateException("a group without rows");
    }
    current = TotalCursor.reduced(grouping.key(first), reduction, group.position());
    return true;
  }

  /** Takes the rows of {@code group}, which are the last ones, off the present range. */
  private KeyRange cutOff(Grouping.Group group) {
    KeyRange range = rest;
    if (range == null) {
      throw new IllegalStateException("a row without its range");
    }
    byte[] from =
        Arrays.compareUnsigned(group.from(), range.from()) > 0 ? group.from() : range.from();
    rest = new KeyRange(range.from(), from, true);
    return KeyRange.between(from, range.to());
  }

  /** The last row that is in no group yet; null when there is none. */
  private @Nullable StoredRow lastRow() {
    while (true) {
      KeyRange range = rest;
      if (range == null) {
        if (!ranges.hasNext()) {
          return null;
        }
        range = ranges.next();
        rest = range;
      }
      try (StoreCursor cursor = reader.rows(range)) {
        if (cursor.advance()) {
          return StoredRow.of(cursor.key(), cursor.value());
        }
      }
      rest = null;
    }
  }

  @Override
  public Row current() {
    if (current == null) {
      throw new IllegalStateException("not on a row");
    }
    return current;
  }

  @Override
  public void close() {
    left = 0;
    current = null;
  }
}
