package io.millrace.engine.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.LiveRows;
import io.millrace.api.Queries.RowCursor;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.Cursor;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.Following;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewMethod;
import io.millrace.engine.view.SharedSnapshots.Shared;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One question to a view: waits until the view is fresh enough, then asks.
 *
 * <p>A view that is fresh already answers on the calling thread; otherwise the answer is made on
 * the pool of the views.
 */
final class ViewCall {
  /** How often a question follows a query whose builds are exchanged while it waits. */
  private static final int ATTEMPTS = 100;

  private static final Duration LONGEST = Duration.ofDays(1);

  private final Views views;
  private final String bucket;
  private final String name;
  private final String method;
  private final ViewArguments arguments;
  private final Consistency consistency;

  ViewCall(
      Views views,
      String bucket,
      String name,
      String method,
      ViewArguments arguments,
      Consistency consistency) {
    this.views = views;
    this.bucket = bucket;
    this.name = name;
    this.method = method;
    this.arguments = arguments;
    this.consistency = consistency;
  }

  /** What is done with a method of a view that is fresh enough and in use. */
  @FunctionalInterface
  private interface Question<T> {
    T ask(Query query, ViewBuild build, ViewMethod found);
  }

  CompletionStage<JsonNode> answer() {
    return start(this::computeAnswer, false);
  }

  CompletionStage<RowCursor> rows() {
    return start(this::openRows, true);
  }

  CompletionStage<LiveRows> follow(Following following) {
    return start(
        (query, build, found) ->
            RowFollower.open(views, query, build, (ViewMethod.Source) found, arguments, following),
        true);
  }

  private JsonNode computeAnswer(Query query, ViewBuild build, ViewMethod found) {
    try {
      Shared snapshot = views.environment().snapshots().use(build, build.checkpoint());
      try {
        ViewMethod.Answer answer =
            found instanceof ViewMethod.Async async
                ? async.answer()
                : ((ViewMethod.Sync) found).answer();
        return answer.call(arguments, snapshot.reader());
      } finally {
        snapshot.release();
      }
    } finally {
      build.release();
    }
  }

  private RowCursor openRows(Query query, ViewBuild build, ViewMethod found) {
    Shared snapshot = null;
    try {
      // Before the snapshot is chosen: its rows reflect at least this.
      long sequence = sequence(query, build);
      snapshot = views.environment().snapshots().use(build, build.checkpoint());
      Cursor<Row> rows = ((ViewMethod.Source) found).rows().call(arguments, snapshot.reader());
      return new HeldRows(rows, snapshot, build, sequence);
    } catch (RuntimeException | Error e) {
      if (snapshot != null) {
        snapshot.release();
      }
      build.release();
      throw e;
    }
  }

  private static final class HeldRows extends HeldCursor<Row> implements RowCursor {
    private final long sequence;

    HeldRows(Cursor<Row> rows, Shared snapshot, ViewBuild build, long sequence) {
      super(rows, snapshot::release, build::release);
      this.sequence = sequence;
    }

    @Override
    public long sequence() {
      return sequence;
    }
  }

  private <T> CompletionStage<T> start(Question<T> question, boolean rows) {
    views.environment().meters().query();
    Duration patience = consistency.timeout();
    long nanos = (patience.compareTo(LONGEST) > 0 ? LONGEST : patience).toNanos();
    try {
      return attempt(question, rows, System.nanoTime() + nanos, ATTEMPTS);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private <T> CompletionStage<T> attempt(
      Question<T> question, boolean rows, long deadline, int attempts) {
    Query query = views.require(bucket, name);
    String failure = query.failure();
    ViewBuild build = query.readable();
    if (failure != null && (build == null || build.failure() != null)) {
      throw failed(query, failure);
    }
    if (build == null) {
      // It ended between the look-up and the look at it.
      if (attempts > 0 && views.find(bucket, name) != query) {
        return attempt(question, rows, deadline, attempts - 1);
      }
      throw new UnavailableException("closed", "the database is closed");
    }
    CompletableFuture<View> opened = build.opened().toCompletableFuture();
    View present = opened.isCompletedExceptionally() ? null : opened.getNow(null);
    if (present != null) {
      ViewMethod found = requireMethod(present, rows);
      if (build.reached().value() >= target(query, found) && build.acquire()) {
        return CompletableFuture.completedFuture(question.ask(query, build, found));
      }
    }
    return opened
        .copy()
        .orTimeout(remaining(deadline), TimeUnit.NANOSECONDS)
        .thenCompose(
            view -> reached(query, build, target(query, requireMethod(view, rows)), deadline))
        .handleAsync(
            (ignored, problem) ->
                afterWait(query, build, question, rows, deadline, attempts, problem),
            views.environment().pool()::answer)
        .thenCompose(stage -> stage);
  }

  private CompletionStage<Long> reached(Query query, ViewBuild build, long target, long deadline) {
    return within(deadline, views.environment().since().whenAtLeast(target))
        .thenCompose(
            present -> {
              long here = Math.min(target, query.bucket().lastSequence());
              String above = query.inputFailure();
              if (above != null && build.reached().value() < here) {
                throw failed(query, above);
              }
              build.urge(here);
              return within(deadline, build.reached().whenAtLeast(here));
            });
  }

  /** The very stage of the sequence, so that the sequence forgets it when the time is over. */
  private static CompletableFuture<Long> within(long deadline, CompletionStage<Long> stage) {
    return stage.toCompletableFuture().orTimeout(remaining(deadline), TimeUnit.NANOSECONDS);
  }

  private static long remaining(long deadline) {
    return Math.max(1, deadline - System.nanoTime());
  }

  private static UnavailableException failed(Query query, @Nullable String failure) {
    return new UnavailableException(
        "view-failed", "the query " + query.label() + " stands still: " + failure);
  }

  private <T> CompletionStage<T> afterWait(
      Query query,
      ViewBuild build,
      Question<T> question,
      boolean rows,
      long deadline,
      int attempts,
      @Nullable Throwable problem) {
    try {
      if (problem == null && build.acquire()) {
        View view = build.opened().toCompletableFuture().join();
        return CompletableFuture.completedFuture(question.ask(query, build, find(view)));
      }
      Throwable cause =
          problem instanceof CompletionException && problem.getCause() != null
              ? problem.getCause()
              : problem;
      if (cause instanceof TimeoutException) {
        throw behind(query, build);
      }
      boolean exchanged = query.readable() != build || views.find(bucket, name) != query;
      if (exchanged && attempts > 0) {
        return attempt(question, rows, deadline, attempts - 1);
      }
      if (build.failure() != null) {
        throw failed(query, build.failure());
      }
      return CompletableFuture.failedFuture(
          cause == null ? new UnavailableException("closed", "the database is closed") : cause);
    } catch (MillraceException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private UnavailableException behind(Query query, ViewBuild build) {
    return new UnavailableException(
        "view-behind",
        "the query "
            + query.label()
            + " has reached sequence "
            + build.checkpoint().position()
            + " of "
            + query.bucket().lastSequence()
            + "; it goes on, try again or ask with consistency=any");
  }

  private long target(Query query, ViewMethod found) {
    if (found instanceof ViewMethod.Sync) {
      return 0;
    }
    return switch (consistency.level()) {
      case LATEST -> query.bucket().lastSequence();
      case AT_LEAST -> consistency.sequence();
      case ANY -> 0;
    };
  }

  /**
   * What the rows reflect: other buckets' sequences count as reached when nothing of this bucket is
   * missing.
   */
  private long sequence(Query query, ViewBuild build) {
    long present = views.environment().since().value();
    long reached = build.reached().value();
    return build.caughtUp(query.bucket()) ? Math.max(present, reached) : reached;
  }

  private ViewMethod requireMethod(View view, boolean rows) {
    ViewMethod found = find(view);
    if (found instanceof ViewMethod.Source != rows) {
      throw new InvalidRequestException(
          "wrong-method-kind",
          "the method " + method + (rows ? " answers one value, not rows" : " answers rows"));
    }
    for (String given : arguments.names()) {
      if (!found.parameters().contains(given)) {
        throw new InvalidRequestException(
            "unknown-parameter",
            "the method "
                + method
                + " has no parameter '"
                + given
                + "'; it has "
                + found.parameters().stream().sorted().toList());
      }
    }
    return found;
  }

  private ViewMethod find(View view) {
    ViewMethod found = view.methods().get(method);
    if (found == null) {
      throw new NotFoundException(
          "unknown-method",
          "the query "
              + name
              + " has no method "
              + method
              + "; it has "
              + view.methods().keySet().stream().sorted().toList());
    }
    return found;
  }
}
