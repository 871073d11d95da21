package io.millrace.rest;

import io.millrace.api.Bucket;
import io.millrace.api.Queries.RowCursor;
import io.millrace.api.view.Row;
import io.millrace.rest.http.Listing;
import io.millrace.rest.json.JsonWriter;

/** The rows of a query. */
final class RowListing implements Listing {
  private final RowCursor rows;
  private final Bucket bucket;
  private final QueryRequest request;
  private long shown;
  private byte[] last = {};
  private boolean more;

  RowListing(RowCursor rows, Bucket bucket, QueryRequest request) {
    this.rows = rows;
    this.bucket = bucket;
    this.request = request;
  }

  @Override
  public String rowsName() {
    return "rows";
  }

  @Override
  public boolean advance() {
    if (shown == request.limit()) {
      more = shown > 0 && rows.advance();
      return false;
    }
    if (!rows.advance()) {
      return false;
    }
    shown++;
    return true;
  }

  @Override
  public void writeRow(JsonWriter out) {
    Row row = rows.current();
    last = row.position();
    RowJson.writeMembers(out.startObject(), row, request.documents() ? bucket : null);
    out.endObject();
  }

  @Override
  public void writeTrailing(JsonWriter out) {
    out.name("sequence").number(rows.sequence());
    if (more) {
      out.name("next").string(Cursors.of(last));
    }
  }

  @Override
  public void close() {
    rows.close();
  }
}
