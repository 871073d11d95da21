package io.millrace.rest;

import io.millrace.api.Activity;
import io.millrace.api.document.Change;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.rest.http.Listing;
import io.millrace.rest.json.JsonWriter;

/**
 * The entries of a range, and where to go on: {@code sequence} is what the next {@code since} is.
 */
final class ActivityListing implements Listing {
  private final ActivityRequest request;
  private final boolean bucket;
  private final Cursor<Change> changes;
  private final long end;
  private long shown;
  private long last;
  private boolean more;
  private boolean peeked;

  /**
   * Opens a walk.
   *
   * @param bucket whether entries name their bucket
   */
  ActivityListing(Activity activity, ActivityRequest request, boolean bucket) {
    this.request = request;
    this.bucket = bucket;
    long now = activity.sequence();
    long first = request.fromNow() ? now + 1 : request.range().first();
    long limit = request.range().limit();
    this.end = Math.min(now, request.range().last());
    this.last = Math.min(first - 1, now);
    // One more than wanted tells whether there is more.
    SequenceRange range =
        request.range().gte(first).limited(limit == Long.MAX_VALUE ? limit : limit + 1);
    this.changes = activity.read(range, request.filter());
  }

  @Override
  public String rowsName() {
    return "activity";
  }

  /** Whether there is an entry; the next {@link #advance()} stays on it. */
  boolean peek() {
    peeked = advance();
    return peeked;
  }

  @Override
  public boolean advance() {
    if (peeked) {
      peeked = false;
      return true;
    }
    if (shown == request.range().limit()) {
      more = shown > 0 && changes.advance();
      return false;
    }
    if (!changes.advance()) {
      return false;
    }
    last = changes.current().sequence();
    shown++;
    return true;
  }

  @Override
  public void writeRow(JsonWriter out) {
    ChangeJson.write(out, changes.current(), bucket);
  }

  @Override
  public void writeLeading(JsonWriter out) {
    boolean reverse = request.range().reverse();
    out.name("sequence").number(reverse ? end : more ? last : Math.max(end, last));
  }

  @Override
  public void writeTrailing(JsonWriter out) {
    if (more) {
      out.name("next").number(last);
    }
  }

  @Override
  public void close() {
    changes.close();
  }
}
