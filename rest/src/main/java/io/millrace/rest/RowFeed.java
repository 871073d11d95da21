package io.millrace.rest;

import io.millrace.api.Bucket;
import io.millrace.api.LiveRows;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.view.Following;
import io.millrace.api.view.LiveRow;
import io.millrace.api.view.Row;
import io.millrace.rest.json.JsonWriter;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The rows of a query that are followed. */
final class RowFeed implements LiveSource {
  private final Bucket bucket;
  private final String query;
  private final String method;
  private final QueryRequest request;
  private final Following following;
  private long left;
  private @Nullable LiveRows rows;
  private boolean closed;

  RowFeed(Bucket bucket, String query, String method, QueryRequest request, Following following) {
    this.bucket = bucket;
    this.query = query;
    this.method = method;
    this.request = request;
    this.following = following;
    this.left = request.limit();
  }

  @Override
  public CompletionStage<Void> open() {
    return bucket
        .queries()
        .follow(query, method, request.arguments(), following, request.consistency())
        .exceptionally(failure -> QueriesResource.explain(bucket, query, failure))
        .thenAccept(this::opened);
  }

  private synchronized void opened(LiveRows live) {
    rows = live;
    if (closed) {
      live.close();
    }
  }

  private synchronized LiveRows rows() {
    if (rows == null) {
      throw new IllegalStateException("not open");
    }
    return rows;
  }

  @Override
  public Next read(FeedPage page) {
    LiveRows live = rows();
    try {
      while (left > 0 && !page.isFull()) {
        if (!live.advance()) {
          return Next.WAIT;
        }
        write(live.current(), page);
      }
    } catch (UnavailableException e) {
      if (page.isEmpty()) {
        throw e;
      }
      // What was read is sent before the next reading fails again.
    }
    return left == 0 && page.isEmpty() ? Next.END : Next.READ;
  }

  private void write(LiveRow told, FeedPage page) {
    if (told instanceof LiveRow.CaughtUp all) {
      page.begin(all.sequence(), "sequence")
          .startObject()
          .name("sequence")
          .number(all.sequence())
          .endObject();
      page.end();
      return;
    }
    left--;
    if (told instanceof LiveRow.Existing existing) {
      writeRow(existing.row(), page.begin(null)).endObject();
    } else if (told instanceof LiveRow.Changed changed) {
      // Who goes on behind a sequence must have received all rows of its document.
      JsonWriter out = changed.last() ? page.begin(changed.sequence()) : page.begin(null);
      writeRow(changed.row(), out).name("seq").number(changed.sequence()).endObject();
    } else if (told instanceof LiveRow.Removed removed) {
      JsonWriter out = page.begin(removed.sequence()).startObject();
      out.name("id").string(removed.documentId());
      out.name("seq").number(removed.sequence());
      out.name("removed").bool(true).endObject();
    }
    page.end();
  }

  private JsonWriter writeRow(Row row, JsonWriter out) {
    RowJson.writeMembers(out.startObject(), row, request.documents() ? bucket : null);
    return out;
  }

  @Override
  public CompletionStage<Long> whenMore() {
    return rows().whenMore();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (rows != null) {
      rows.close();
    }
  }
}
