package io.millrace.tck.view;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.view.Row;

/** The rows of a {@link PlainView}. */
final class PlainRows implements Cursor<Row> {
  private final StoreCursor stored;
  private long left;
  private boolean onRow;

  /**
   * @param tooEarly whether it is wrongly on the first row from the beginning
   */
  PlainRows(StoreCursor stored, long limit, boolean tooEarly) {
    this.stored = stored;
    this.left = limit;
    if (tooEarly) {
      advance();
    }
  }

  static Row row(byte[] key, byte[] value) {
    String[] parts = Answers.utf8(key).substring(1).split("\0", 3);
    byte[] json = PlainView.Bytes.utf8(TextNode.valueOf(parts[0]).toString());
    return new Row(parts[1], true, json, value, key);
  }

  @Override
  public boolean advance() {
    onRow = left > 0 && stored.advance();
    left--;
    return onRow;
  }

  @Override
  public Row current() {
    if (!onRow) {
      throw new IllegalStateException("not on a row");
    }
    return row(stored.key(), stored.value());
  }

  @Override
  public void close() {
    stored.close();
  }
}
