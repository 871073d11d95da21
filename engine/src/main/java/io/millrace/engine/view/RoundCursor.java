package io.millrace.engine.view;

import io.millrace.api.error.InternalException;
import io.millrace.api.range.Cursor;
import io.millrace.api.view.LiveRow;
import io.millrace.api.view.Row;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is told of some documents that changed: their rows, or that they have none. */
final class RoundCursor implements Cursor<LiveRow> {
  private final Iterator<Map.Entry<String, Long>> documents;
  private final Cursor<Row> rows;
  private final boolean removals;
  private String document = "";
  private long sequence;

  /** Whether {@link #document} has no row so far, and so may have none. */
  private boolean withoutRow;

  /** The next row, of this document or of a later one; null when there is none. */
  private @Nullable Row ahead;

  private @Nullable LiveRow current;

  /**
   * A cursor over everything.
   *
   * @param rows of the documents, one document after the other in their order; closed with this
   * @param removals whether documents without rows are told about
   */
  RoundCursor(ChangedDocuments.Page page, Cursor<Row> rows, boolean removals) {
    this.documents = page.documents().entrySet().iterator();
    this.rows = rows;
    this.removals = removals;
    this.ahead = nextRow();
  }

  private @Nullable Row nextRow() {
    return rows.advance() ? rows.current() : null;
  }

  @Override
  public boolean advance() {
    current = null;
    while (true) {
      Row row = ahead;
      if (row != null && row.documentId().equals(document)) {
        ahead = nextRow();
        withoutRow = false;
        boolean last = ahead == null || !ahead.documentId().equals(document);
        current = new LiveRow.Changed(row, sequence, last);
        return true;
      }
      if (withoutRow && removals) {
        withoutRow = false;
        current = new LiveRow.Removed(document, sequence);
        return true;
      }
      if (!documents.hasNext()) {
        if (row != null) {
          throw new InternalException(
              "rows-order", "a view gave the rows of changed documents in another order");
        }
        return false;
      }
      Map.Entry<String, Long> next = documents.next();
      document = next.getKey();
      sequence = next.getValue();
      withoutRow = true;
    }
  }

  @Override
  public LiveRow current() {
    if (current == null) {
      throw new IllegalStateException("not on a row");
    }
    return current;
  }

  @Override
  public void close() {
    current = null;
    rows.close();
  }
}
