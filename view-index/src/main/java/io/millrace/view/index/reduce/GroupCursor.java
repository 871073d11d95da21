package io.millrace.view.index.reduce;

import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.view.Row;
import io.millrace.view.index.RowQuery;
import io.millrace.view.index.StoredRow;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Groups, lowest first, reduced one at a time. Small ones are read in one walk over their rows; of
 * a large one the first rows are, and the rest comes from the tree.
 */
final class GroupCursor implements Cursor<Row> {
  private final RangeReader reader;
  private final Grouping grouping;
  private final Iterator<KeyRange> ranges;
  private long left;
  private byte[] rangeEnd = NodeLayout.BEYOND;
  private @Nullable StoreCursor rows;

  /** The first row that is in no group yet; null when it is not read, or there is none. */
  private @Nullable StoredRow ahead;

  private @Nullable Row current;

  GroupCursor(RangeReader reader, Grouping grouping, RowQuery query) {
    this.reader = reader;
    this.grouping = grouping;
    this.ranges = query.ranges().iterator();
    this.left = query.limit();
  }

  @Override
  public boolean advance() {
    current = null;
    StoredRow first = left > 0 ? ahead() : null;
    if (first == null) {
      close();
      return false;
    }
    left--;
    Grouping.Group group = grouping.of(first);
    Reduction reduction = reader.begin();
    StoredRow row = first;
    while (row != null && group.contains(row)) {
      addPart(group, row, reduction);
      row = ahead();
    }
    current = TotalCursor.reduced(grouping.key(first), reduction, group.position());
    return true;
  }

  /** Adds the rows of {@code group} that lie in the present range, from {@code first} on. */
  private void addPart(Grouping.Group group, StoredRow first, Reduction reduction) {
    StoreCursor cursor = rows;
    StoredRow row = first;
    for (int read = 0; row != null && group.contains(row); read++) {
      if (cursor == null) {
        throw new IllegalStateException("a row without the walk that it was read by");
      }
      if (read == RangeReader.DIRECT_ROWS) {
        byte[] end = Arrays.compareUnsigned(group.to(), rangeEnd) < 0 ? group.to() : rangeEnd;
        reader.addNodes(row.place(), end, reduction);
        cursor.close();
        rows = reader.rows(KeyRange.between(end, rangeEnd));
        ahead = null;
        return;
      }
      reduction.add(row);
      row = cursor.advance() ? StoredRow.of(cursor.key(), cursor.value()) : null;
    }
    ahead = row;
    if (row == null && cursor != null) {
      cursor.close();
      rows = null;
    }
  }

  private @Nullable StoredRow ahead() {
    while (ahead == null) {
      StoreCursor cursor = rows;
      if (cursor == null) {
        if (!ranges.hasNext()) {
          return null;
        }
        KeyRange range = ranges.next();
        rangeEnd = range.to() == null ? NodeLayout.BEYOND : range.to();
        rows = reader.rows(range);
      } else if (cursor.advance()) {
        ahead = StoredRow.of(cursor.key(), cursor.value());
      } else {
        cursor.close();
        rows = null;
      }
    }
    return ahead;
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
    ahead = null;
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }
}
