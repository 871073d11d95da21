package io.millrace.rest;

import io.millrace.rest.http.Listing;
import io.millrace.rest.json.JsonWriter;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A list whose rows are in memory anyway. */
final class SmallListing<T> implements Listing {
  private final String name;
  private final Iterator<T> rows;
  private final BiConsumer<JsonWriter, T> writer;
  private @Nullable T current;

  SmallListing(String name, Iterator<T> rows, BiConsumer<JsonWriter, T> writer) {
    this.name = name;
    this.rows = rows;
    this.writer = writer;
  }

  @Override
  public String rowsName() {
    return name;
  }

  @Override
  public boolean advance() {
    current = rows.hasNext() ? rows.next() : null;
    return current != null;
  }

  @Override
  public void writeRow(JsonWriter out) {
    T row = current;
    if (row == null) {
      throw new NoSuchElementException("not on a row");
    }
    writer.accept(out, row);
  }

  @Override
  public void close() {}
}
