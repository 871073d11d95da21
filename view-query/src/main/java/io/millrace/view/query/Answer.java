package io.millrace.view.query;

import io.millrace.api.range.Cursor;
import io.millrace.api.view.Row;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results of a question as rows. The key of a result that is made of one document is the
 * document's id; the key of others is null.
 */
final class Answer implements Cursor<Row> {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

  private final Stage.Source results;
  private final List<DocumentSource<?>> sources;
  private final boolean counts;
  private long skipped;
  private long left;
  private long shown;
  private @Nullable Row current;

  /**
   * @param sources what the results are made of, to be closed
   * @param counts whether the place of a result is its number
   * @param skipped how many results are left out first
   */
  Answer(
      Stage.Source results,
      List<DocumentSource<?>> sources,
      boolean counts,
      long skipped,
      long limit) {
    this.results = results;
    this.sources = List.copyOf(sources);
    this.counts = counts;
    this.skipped = skipped;
    this.left = limit;
  }

  @Override
  public boolean advance() {
    current = null;
    Item item = left > 0 ? results.next() : null;
    while (item != null && skipped > 0) {
      skipped--;
      shown++;
      item = results.next();
    }
    if (item == null) {
      left = 0;
      return false;
    }
    left--;
    shown++;
    current = row(item);
    return true;
  }

  private Row row(Item item) {
    byte[] key = NULL;
    if (!item.documentId().isEmpty()) {
      key = item.id().toString().getBytes(StandardCharsets.UTF_8);
    }
    byte[] position = counts ? Place.counted(shown) : item.position();
    return new Row(item.documentId(), false, key, item.json(), position);
  }

  @Override
  public Row current() {
    Row row = current;
    if (row == null) {
      throw new IllegalStateException("not on a row");
    }
    return row;
  }

  @Override
  public void close() {
    left = 0;
    current = null;
    sources.forEach(DocumentSource::close);
  }
}
