package io.millrace.rest;

import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.rest.http.Listing;
import io.millrace.rest.json.JsonWriter;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Rows that belong to sequences; {@code next} is where the next page goes on.
 *
 * @param <T> what a row shows
 */
final class SequenceListing<T> implements Listing {
  private final String name;
  private final Cursor<T> rows;
  private final long limit;
  private final Runnable whenEmpty;
  private final ToLongFunction<T> sequence;
  private final BiConsumer<JsonWriter, T> writer;
  private long shown;
  private long last;
  private boolean more;

  /**
   * Opens a walk.
   *
   * @param range whose limit counts rows
   * @param open opens the walk over a range
   * @param whenEmpty called when there is no row, to refuse where that means that nothing is there
   * @param sequence of a row
   */
  SequenceListing(
      String name,
      SequenceRange range,
      Function<SequenceRange, Cursor<T>> open,
      Runnable whenEmpty,
      ToLongFunction<T> sequence,
      BiConsumer<JsonWriter, T> writer) {
    this.name = name;
    this.limit = range.limit();
    // One more than wanted tells whether there is more.
    this.rows = open.apply(limit == Long.MAX_VALUE ? range : range.limited(limit + 1));
    this.whenEmpty = whenEmpty;
    this.sequence = sequence;
    this.writer = writer;
  }

  @Override
  public String rowsName() {
    return name;
  }

  @Override
  public boolean advance() {
    if (shown == limit) {
      more = shown > 0 && rows.advance();
      return false;
    }
    if (!rows.advance()) {
      if (shown == 0) {
        whenEmpty.run();
      }
      return false;
    }
    last = sequence.applyAsLong(rows.current());
    shown++;
    return true;
  }

  @Override
  public void writeRow(JsonWriter out) {
    writer.accept(out, rows.current());
  }

  @Override
  public void writeTrailing(JsonWriter out) {
    if (more) {
      out.name("next").number(last);
    }
  }

  @Override
  public void close() {
    rows.close();
  }
}
