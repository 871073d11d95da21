package io.millrace.rest;

import io.millrace.api.Queries.RowCursor;
import io.millrace.rest.http.Listing;
import io.millrace.rest.json.JsonWriter;

/** The results of a question: the values of its rows. */
final class FoundListing implements Listing {
  private final RowCursor rows;
  private final long limit;
  private long shown;

  FoundListing(RowCursor rows, long limit) {
    this.rows = rows;
    this.limit = limit;
  }

  @Override
  public String rowsName() {
    return "results";
  }

  @Override
  public boolean advance() {
    if (shown == limit || !rows.advance()) {
      return false;
    }
    shown++;
    return true;
  }

  @Override
  public void writeRow(JsonWriter out) {
    out.json(rows.current().value());
  }

  @Override
  public void writeTrailing(JsonWriter out) {
    out.name("sequence").number(rows.sequence());
  }

  @Override
  public void close() {
    rows.close();
  }
}
