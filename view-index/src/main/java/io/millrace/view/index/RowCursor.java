package io.millrace.view.index;

import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Row;
import java.util.Iterator;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query, range after range, read from the store one at a time. For one thread.
 *
 * <p>Views that keep something else where a {@link RowIndex} has its rows read it so, too.
 */
public final class RowCursor implements Cursor<Row> {
  private final StoreReader reader;
  private final Keyspace keyspace;
  private final Iterator<KeyRange> ranges;
  private final BiFunction<byte[], byte[], Row> row;
  private long left;
  private boolean onRow;
  private @Nullable StoreCursor stored;

  /** Rows of an index. */
  RowCursor(StoreReader reader, Keyspace keyspace, RowQuery query) {
    this(reader, keyspace, query, RowLayout::row);
  }

  /**
   * Rows of any kind.
   *
   * @param row makes a row of what lies in the store, given key and value
   */
  public RowCursor(
      StoreReader reader, Keyspace keyspace, RowQuery query, BiFunction<byte[], byte[], Row> row) {
    this.reader = reader;
    this.keyspace = keyspace;
    this.ranges = query.ranges().iterator();
    this.left = query.limit();
    this.row = row;
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
    return row.apply(cursor.key(), cursor.value());
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
