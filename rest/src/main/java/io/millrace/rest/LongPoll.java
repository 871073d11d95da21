package io.millrace.rest;

import io.millrace.api.Activity;
import io.millrace.rest.http.ListAnswer;
import io.millrace.rest.http.ShortAnswer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One request that is answered when there is something to tell, or when its time is over. */
final class LongPoll {
  private final RoutingContext context;
  private final Activity activity;
  private final boolean bucket;
  private final Runnable existence;
  private final Executor executor;
  private final Duration stallLimit;
  private final CompletableFuture<@Nullable ShortAnswer> answer = new CompletableFuture<>();
  private final Runnable timeOut = this::timeOut;
  private ActivityRequest request;
  private @Nullable CompletableFuture<Long> waiting;
  private boolean over;

  /**
   * A poll that has not begun.
   *
   * @param bucket whether entries name their bucket
   * @param existence throws when there is nothing that could be followed
   */
  LongPoll(
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
    this.executor = executor;
    this.stallLimit = stallLimit;
  }

  /**
   * Begins to wait.
   *
   * @return cancelling it ends the wait
   */
  CompletableFuture<@Nullable ShortAnswer> start(LiveFeeds feeds) {
    long timer =
        context.vertx().setTimer(Math.max(1, request.timeout().toMillis()), late -> timeOut.run());
    answer.whenComplete(
        (done, gone) -> {
          context.vertx().cancelTimer(timer);
          feeds.remove(timeOut);
          timeOut();
        });
    feeds.add(timeOut);
    executor.execute(this::begin);
    return answer;
  }

  private void begin() {
    try {
      existence.run();
      request = request.after(request.beginning(activity));
    } catch (Throwable failure) {
      answer.completeExceptionally(failure);
      return;
    }
    poll();
  }

  private void poll() {
    try {
      long known = activity.sequence();
      ActivityListing listing = new ActivityListing(activity, request, bucket);
      if (isOver() || listing.peek()) {
        ListAnswer.of(context, listing, false, executor, stallLimit)
            .whenComplete(
                (response, failure) -> {
                  if (failure == null) {
                    answer.complete(response);
                  } else {
                    answer.completeExceptionally(failure);
                  }
                });
      } else {
        listing.close();
        await(Math.max(known, request.range().first() - 1));
      }
    } catch (Throwable failure) {
      answer.completeExceptionally(failure);
    }
  }

  private void await(long seen) {
    CompletableFuture<Long> next = activity.whenBeyond(seen).toCompletableFuture();
    boolean late;
    synchronized (this) {
      waiting = next;
      late = over;
    }
    next.whenCompleteAsync(
        (sequence, failure) -> {
          if (failure == null) {
            request = request.after(seen);
            poll();
          } else if (!answer.isDone()) {
            poll();
          }
        },
        executor);
    if (late) {
      next.cancel(false);
    }
  }

  private void timeOut() {
    CompletableFuture<Long> wait;
    synchronized (this) {
      over = true;
      wait = waiting;
    }
    if (wait != null) {
      wait.cancel(false);
    }
  }

  private synchronized boolean isOver() {
    return over;
  }
}
