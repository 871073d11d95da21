package io.millrace.cli.offline;

import io.millrace.api.range.Cursor;
import io.millrace.cli.client.Lines;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a cursor walks over, one JSON text a line, as far as a limit. */
final class CursorLines<T> implements Lines {
  private final Cursor<T> cursor;
  private final Function<T, String> text;
  private long left;

  CursorLines(Cursor<T> cursor, long limit, Function<T, String> text) {
    this.cursor = cursor;
    this.left = limit;
    this.text = text;
  }

  @Override
  public @Nullable String next() {
    if (left == 0 || !cursor.advance()) {
      return null;
    }
    left--;
    return text.apply(cursor.current());
  }

  @Override
  public void close() {
    cursor.close();
  }
}
