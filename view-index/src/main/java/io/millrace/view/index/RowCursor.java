package io.millrace.view.index;

import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Row;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The rows of a query, range after range, read from the store one at a time. */
final class RowCursor implements Cursor<Row> {
  private final StoreReader reader;
  private final Keyspace keyspace;
  private final Iterator<KeyRange> ranges;
  private long left;
  private boolean onRow;
  private @Nullable StoreCursor stored;

  RowCursor(StoreReader reader, Keyspace keyspace, RowQuery query) {
    this.reader = reader;
    this.keyspace = keyspace;
    this.ranges = query.ranges().iterator();
    this.left = query.limit();
  }

  @Override
  public boolean advance() {
    onRow = false;
    while (left > 0) {
      StoreCursor cursor = stored;
      if (cursor == null) {
        if (!ranges.hasNext()) {
          return false;
        }
        cursor = reader.range(keyspace, ranges.next());
        stored = cursor;
      }
      if (cursor.advance()) {
        left--;
        onRow = true;
        return true;
      }
      cursor.close();
      stored = null;
    }
    return false;
  }

  @Override
  public Row current() {
    StoreCursor cursor = stored;
    if (!onRow || cursor == null) {
      throw new IllegalStateException("not on a row");
    }
    return RowLayout.row(cursor.key(), cursor.value());
  }

  @Override
  public void close() {
    onRow = false;
    left = 0;
    if (stored != null) {
      stored.close();
      stored = null;
    }
  }
}
