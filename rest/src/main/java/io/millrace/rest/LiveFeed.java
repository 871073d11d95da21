package io.millrace.rest;

import io.millrace.api.error.UnavailableException;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Outlet;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One client's feed: what a {@link LiveSource} tells, from some sequence on and then for ever.
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

  private final RoutingContext context;
  private final LiveSource source;
  private final boolean events;
  private final Executor executor;
  private final Outlet outlet;
  private final CompletableFuture<Response> answer = new CompletableFuture<>();
  private final FeedPage page;
  private final Runnable onStop = () -> end("the server stops");
  private @Nullable CompletableFuture<Long> waiting;
  private boolean sending;
  private boolean ended;

  /**
   * A feed that has not begun.
   *
   * @param source closed with the feed
   * @param events whether it is sent as server-sent events rather than lines
   */
  LiveFeed(
      RoutingContext context,
      LiveSource source,
      boolean events,
      Executor executor,
      Duration stallLimit) {
    this.context = context;
    this.source = source;
    this.events = events;
    this.page = new FeedPage(events);
    this.executor = executor;
    this.outlet = new Outlet(context, stallLimit);
  }

  /**
   * Starts the feed.
   *
   * @return completes when the feed has ended; cancelling it ends the feed
   */
  CompletableFuture<Response> start(LiveFeeds feeds, Duration beat) {
    answer.whenComplete((done, gone) -> closeSource());
    executor.execute(() -> open(feeds, beat));
    return answer;
  }

  private void open(LiveFeeds feeds, Duration beat) {
    try {
      source
          .open()
          .whenCompleteAsync(
              (nothing, failure) -> {
                if (failure != null) {
                  refuse(failure);
                } else if (!answer.isDone()) {
                  begin(feeds, beat);
                }
              },
              executor);
    } catch (Throwable failure) {
      refuse(failure);
    }
  }

  private void refuse(Throwable failure) {
    boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
    answer.completeExceptionally(wrapped ? failure.getCause() : failure);
  }

  private void begin(LiveFeeds feeds, Duration beat) {
    outlet.begin(200, events ? MediaTypes.EVENTS : MediaTypes.NDJSON);
    long heartbeat = context.vertx().setPeriodic(beat.toMillis(), tick -> beat());
    answer.whenComplete(
        (done, gone) -> {
          context.vertx().cancelTimer(heartbeat);
          feeds.remove(onStop);
          finishWaiting();
        });
    feeds.add(onStop);
    if (context.request().method() == HttpMethod.HEAD) {
      end(null);
    }
    // A first piece lets the client know that it is connected.
    send(FeedPage.comment(events));
  }

  private void read() {
    if (isEnded()) {
      return;
    }
    try {
      LiveSource.Next next = source.read(page);
      if (!page.isEmpty()) {
        send(page.take());
        return;
      }
      switch (next) {
        case READ -> executor.execute(this::read);
        case WAIT -> await();
        case END -> end(null);
      }
    } catch (Throwable failure) {
      fail(failure);
    }
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
      LOG.debugf("The feed %s was cut off", context.request().path());
      cutOff("too slow: nothing was taken for too long; resume behind the last entry received");
    } else {
      answer.complete(null);
    }
  }

  private void await() {
    CompletableFuture<Long> next = source.whenMore().toCompletableFuture();
    synchronized (this) {
      waiting = next;
    }
    next.whenCompleteAsync(
        (sequence, failure) -> {
          if (failure == null) {
            read();
          } else if (!next.isCancelled()) {
            fail(failure);
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
    outlet.send(FeedPage.comment(events)).whenComplete((sent, failure) -> giveUpIfGone(failure));
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
        outlet.cutOff(FeedPage.farewell(events, reason));
      }
      answer.complete(null);
    }
  }

  private void cutOff(String reason) {
    if (beginEnd()) {
      outlet.cutOff(FeedPage.farewell(events, reason));
      answer.complete(null);
    }
  }

  private void fail(Throwable failure) {
    if (failure instanceof UnavailableException) {
      end(failure.getMessage());
      return;
    }
    LOG.warnf(failure, "The feed %s ended", context.request().path());
    end("an error of the server; its log knows more");
  }

  private synchronized boolean beginEnd() {
    boolean first = !ended;
    ended = true;
    return first;
  }

  private synchronized boolean isEnded() {
    return ended || answer.isDone();
  }

  private void closeSource() {
    try {
      // Not on the thread that noticed the end: closing may wait for a page that is being read.
      executor.execute(source::close);
    } catch (RejectedExecutionException e) {
      source.close();
    }
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
