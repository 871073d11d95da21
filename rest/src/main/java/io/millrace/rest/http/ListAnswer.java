package io.millrace.rest.http;

import io.millrace.rest.json.JsonWriter;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends a {@link Listing}: at once when it is short, else piece by piece as the client takes it.
 *
 * <p>A short list is {@code {"count":…,"rows":[…]}}; of a long one the count is known last and
 * stands after the rows. As NDJSON it is the rows alone, one a line.
 */
public final class ListAnswer {
  private static final Logger LOG = Logger.getLogger(ListAnswer.class);
  private static final int PIECE_BYTES = 64 << 10;

  private final Listing listing;
  private final boolean lines;
  private final JsonWriter rows = new JsonWriter(512);
  private final Executor scans;
  private final Outlet outlet;
  private final boolean headOnly;
  private final CompletableFuture<@Nullable ShortAnswer> answer = new CompletableFuture<>();
  private long count;
  private int section;
  private boolean begun;

  private ListAnswer(
      RoutingContext context, Listing listing, boolean lines, Executor scans, Duration stallLimit) {
    this.listing = listing;
    this.lines = lines;
    this.scans = scans;
    this.outlet = new Outlet(context, stallLimit);
    this.headOnly = context.request().method() == HttpMethod.HEAD;
  }

  /**
   * Begins to read {@code listing} on the calling thread, goes on with {@code scans}, and closes it
   * in the end.
   *
   * @param lines whether NDJSON was asked for
   * @return the answer if it is short; null when it was sent already
   */
  public static CompletableFuture<@Nullable ShortAnswer> of(
      RoutingContext context, Listing listing, boolean lines, Executor scans, Duration stallLimit) {
    ListAnswer list = new ListAnswer(context, listing, lines, scans, stallLimit);
    list.run();
    return list.answer;
  }

  private void run() {
    try {
      boolean more = fill();
      if (more && headOnly) {
        listing.close();
        answer.complete(inOnePiece(new byte[0]));
      } else if (more) {
        sendPiece();
      } else {
        byte[] whole = whole();
        listing.close();
        answer.complete(inOnePiece(whole));
      }
    } catch (Throwable failure) {
      fail(failure);
    }
  }

  /** Reads rows until a piece is full; false when there are no more. */
  private boolean fill() {
    while (rows.length() < PIECE_BYTES) {
      if (!listing.advance()) {
        return false;
      }
      if (lines) {
        listing.writeRow(rows);
        rows.newLine();
      } else {
        boolean moved = advanceTo(listing.section());
        if (!moved && count > 0 && rows.length() == 0) {
          rows.ascii(",");
        }
        listing.writeRow(rows);
      }
      count++;
    }
    return true;
  }

  /** Goes on to the member with this place; false when that is open already. */
  private boolean advanceTo(int next) {
    boolean moves = section < next;
    while (section < next) {
      section++;
      rows.endArray().ascii(",").name(listing.sections().get(section)).startArray();
    }
    return moves;
  }

  private byte[] whole() {
    if (!lines) {
      advanceTo(listing.sections().size() - 1);
    }
    byte[] text = rows.toByteArray();
    if (lines) {
      return text;
    }
    JsonWriter json = new JsonWriter(text.length + 128).startObject();
    listing.writeLeading(json);
    json.name("count").number(count);
    json.name(listing.sections().get(0)).startArray().raw(text, 0, text.length).endArray();
    listing.writeTrailing(json);
    return json.endObject().toByteArray();
  }

  private void sendPiece() {
    if (!begun) {
      begun = true;
      outlet.begin(200, mediaType());
      if (!lines) {
        byte[] first = rows.toByteArray();
        rows.truncate(0);
        rows.startObject().name(listing.sections().get(0)).startArray().raw(first, 0, first.length);
      }
    }
    byte[] piece = rows.toByteArray();
    rows.truncate(0);
    CompletableFuture<Void> sending = outlet.send(piece);
    // The next piece is read while this one is on its way.
    boolean more = fill();
    sending.whenCompleteAsync((nothing, failure) -> afterPiece(more, failure), scans);
  }

  private void afterPiece(boolean more, @Nullable Throwable failure) {
    try {
      if (failure != null) {
        fail(failure);
      } else if (more) {
        sendPiece();
      } else {
        finish();
      }
    } catch (Throwable unexpected) {
      fail(unexpected);
    }
  }

  private void finish() {
    if (!lines) {
      advanceTo(listing.sections().size() - 1);
      rows.endArray().name("count").number(count);
      listing.writeLeading(rows);
      listing.writeTrailing(rows);
      rows.endObject();
    }
    byte[] last = rows.toByteArray();
    listing.close();
    outlet
        .send(last)
        .whenComplete(
            (sent, failure) -> {
              if (failure != null) {
                outlet.abort();
              } else {
                outlet.end();
              }
              answer.complete(null);
            });
  }

  private void fail(Throwable failure) {
    listing.close();
    if (!begun) {
      answer.completeExceptionally(failure);
      return;
    }
    // The status is sent already: a connection that ends early is all that is left to say.
    LOG.debugf(failure, "A long answer was given up after %d rows", count);
    outlet.abort();
    answer.complete(null);
  }

  private ShortAnswer inOnePiece(byte[] text) {
    return lines ? ShortAnswer.lines(text) : ShortAnswer.json(200, text);
  }

  private String mediaType() {
    return lines ? MediaTypes.NDJSON : MediaTypes.JSON;
  }
}
