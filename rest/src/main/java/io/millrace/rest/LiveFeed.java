package io.millrace.rest;

import io.millrace.api.Activity;
import io.millrace.api.document.Change;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Outlet;
import io.millrace.rest.json.JsonWriter;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One client's feed of changes, from some sequence on and then for ever.
 *
 * <p>It pulls: a page is read when the page before it has left, and when there is nothing to read
 * it waits for the next change. So a feed holds one page in memory, however slow its client and
 * however busy the database. A client that takes nothing for too long is told so and cut off.
 *
 * <p>The states follow one another (read, send, wait, read …), each step started by the end of the
 * one before; only {@link #end} and the heartbeat come from elsewhere.
 */
final class LiveFeed {
  private static final Logger LOG = Logger.getLogger(LiveFeed.class);
  private static final int PAGE_BYTES = 64 << 10;
  private static final int PAGE_ENTRIES = 1000;

  private final RoutingContext context;
  private final Activity activity;
  private final ActivityRequest request;
  private final boolean bucket;
  private final Runnable existence;
  private final boolean events;
  private final Executor executor;
  private final Outlet outlet;
  private final CompletableFuture<Response> answer = new CompletableFuture<>();
  private final JsonWriter page = new JsonWriter(512);
  private final Runnable onStop = () -> end("the server stops");
  private long seen;
  private long left;
  private @Nullable CompletableFuture<Long> waiting;
  private boolean sending;
  private boolean ended;

  /**
   * A feed that has not begun.
   *
   * @param bucket whether entries name their bucket
   * @param existence throws when there is nothing that could be followed
   */
  LiveFeed(
      RoutingContext context,
      Activity activity,
      ActivityRequest request,
      boolean bucket,
      Runnable existence,
      Executor executor,
      Duration stallLimit) {
    this.context = context;
    this.activity = activity;
    this.request = request;
    this.bucket = bucket;
    this.existence = existence;
    this.events = request.form() == ActivityRequest.Form.EVENTS;
    this.executor = executor;
    this.outlet = new Outlet(context, stallLimit);
    this.left = request.range().limit();
  }

  /**
   * Starts the feed.
   *
   * @return completes when the feed has ended; cancelling it ends the feed
   */
  CompletableFuture<Response> start(LiveFeeds feeds, Duration beat) {
    executor.execute(() -> begin(feeds, beat));
    return answer;
  }

  private void begin(LiveFeeds feeds, Duration beat) {
    try {
      seen = request.beginning(activity);
      existence.run();
    } catch (Throwable failure) {
      answer.completeExceptionally(failure);
      return;
    }
    outlet.begin(200, events ? MediaTypes.EVENTS : MediaTypes.NDJSON);
    long heartbeat = context.vertx().setPeriodic(beat.toMillis(), tick -> beat());
    answer.whenComplete(
        (done, gone) -> {
          context.vertx().cancelTimer(heartbeat);
          feeds.remove(onStop);
          finishWaiting();
        });
    feeds.add(onStop);
    // A first piece lets the client know that it is connected.
    send(comment());
  }

  private byte[] comment() {
    return (events ? ":\n\n" : "\n").getBytes(StandardCharsets.US_ASCII);
  }

  private void read() {
    if (isEnded()) {
      return;
    }
    try {
      page.truncate(0);
      boolean all = readPage();
      if (page.length() > 0) {
        send(page.toByteArray());
      } else if (left == 0) {
        end(null);
      } else if (all) {
        await();
      } else {
        executor.execute(this::read);
      }
    } catch (Throwable failure) {
      fail(failure);
    }
  }

  /** Reads a page; true when nothing is left that could be read now. */
  private boolean readPage() {
    long known = activity.sequence();
    SequenceRange range = SequenceRange.after(seen).limited(Math.min(left, PAGE_ENTRIES));
    long count = 0;
    try (Cursor<Change> changes = activity.read(range, request.filter())) {
      while (page.length() < PAGE_BYTES) {
        if (!changes.advance()) {
          boolean exhausted = count < range.limit();
          if (exhausted) {
            seen = Math.max(seen, known);
          }
          return exhausted;
        }
        write(changes.current());
        count++;
        left--;
      }
    }
    return false;
  }

  private void write(Change change) {
    seen = change.sequence();
    if (events) {
      page.ascii("id: ").ascii(Long.toString(seen)).ascii("\ndata: ");
    }
    ChangeJson.write(page, change, bucket);
    page.ascii(events ? "\n\n" : "\n");
  }

  private void send(byte[] piece) {
    synchronized (this) {
      if (ended) {
        return;
      }
      sending = true;
    }
    outlet.send(piece).whenCompleteAsync(this::sent, executor);
  }

  private void sent(@Nullable Void nothing, @Nullable Throwable failure) {
    synchronized (this) {
      sending = false;
    }
    if (failure == null) {
      read();
    } else if (failure instanceof Outlet.StalledException) {
      LOG.debugf("A feed was cut off at %d", seen);
      cutOff("too slow: nothing was taken for too long; resume behind the last entry received");
    } else {
      answer.complete(null);
    }
  }

  private void await() {
    CompletableFuture<Long> next = activity.whenBeyond(seen).toCompletableFuture();
    synchronized (this) {
      waiting = next;
    }
    next.whenCompleteAsync(
        (sequence, failure) -> {
          if (failure == null) {
            read();
          } else if (!next.isCancelled()) {
            end("the database is closed");
          }
        },
        executor);
    if (isEnded()) {
      next.cancel(false);
    }
  }

  private void beat() {
    synchronized (this) {
      if (sending || ended) {
        return;
      }
    }
    // Its fate does not matter: the next piece finds out whether the client is there.
    outlet.send(comment()).whenComplete((sent, failure) -> giveUpIfGone(failure));
  }

  private void giveUpIfGone(@Nullable Throwable failure) {
    if (failure != null && !(failure instanceof Outlet.StalledException)) {
      answer.complete(null);
    }
  }

  /** Ends the feed properly; {@code reason} is told to the client unless it is null. */
  private void end(@Nullable String reason) {
    if (beginEnd()) {
      if (reason == null) {
        outlet.end();
      } else {
        outlet.cutOff(farewell(reason));
      }
      answer.complete(null);
    }
  }

  private void cutOff(String reason) {
    if (beginEnd()) {
      outlet.cutOff(farewell(reason));
      answer.complete(null);
    }
  }

  private void fail(Throwable failure) {
    LOG.warnf(failure, "A feed ended at sequence %d", seen);
    end("an error of the server; its log knows more");
  }

  /** The last piece: says why, and names no sequence that the client has not received. */
  private byte[] farewell(String reason) {
    JsonWriter json = new JsonWriter(128);
    if (events) {
      json.ascii("event: end\ndata: ");
    }
    json.startObject().name("end").string(reason).endObject();
    json.ascii(events ? "\n\n" : "\n");
    return json.toByteArray();
  }

  private synchronized boolean beginEnd() {
    boolean first = !ended;
    ended = true;
    return first;
  }

  private synchronized boolean isEnded() {
    return ended || answer.isDone();
  }

  private void finishWaiting() {
    CompletableFuture<Long> wait;
    synchronized (this) {
      ended = true;
      wait = waiting;
    }
    if (wait != null) {
      wait.cancel(false);
    }
  }
}
