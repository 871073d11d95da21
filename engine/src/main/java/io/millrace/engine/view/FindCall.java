package io.millrace.engine.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.Queries.RowCursor;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.Documents;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.engine.index.BucketState;
import io.millrace.spi.Finder;
import io.millrace.spi.Finder.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * One question that was not defined before: waits until the database, and the views that offer an
 * index, are fresh enough, then asks the module that answers such questions.
 *
 * <p>A view that does not get there soon is not used. What is there already is answered from on the
 * calling thread.
 */
final class FindCall {
  private static final Duration LONGEST = Duration.ofDays(1);

  /** How long is waited for views whose indexes might be used; without them all is read. */
  private static final long MOST_VIEW_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Views views;
  private final String bucket;
  private final ViewArguments question;
  private final Consistency consistency;

  FindCall(Views views, String bucket, ViewArguments question, Consistency consistency) {
    this.views = views;
    this.bucket = bucket;
    this.question = question;
    this.consistency = consistency;
  }

  /** A view that offers an index, and has caught up once. */
  private record Offer(Query query, ViewBuild build, View view) {}

  /** Offers that are fresh enough and in use, until the cursor that uses them is closed. */
  private record Held(
      BucketState bucket, List<Offer> offers, StoreSnapshot snapshot, long sequence) {
    List<Candidate> candidates() {
      List<Candidate> candidates = new ArrayList<>();
      for (Offer offer : offers) {
        // A document that could not be computed has no rows, and would be missed.
        if (offer.view().statistics(snapshot).errors() == 0) {
          for (PathIndex index : offer.view().indexes()) {
            candidates.add(new Candidate(offer.query().name(), index));
          }
        }
      }
      return candidates;
    }

    void release() {
      offers.forEach(offer -> offer.build().release());
    }
  }

  CompletionStage<RowCursor> rows() {
    return start(
        finder ->
            held -> {
              Documents documents = views.environment().documents().documents(held.bucket());
              Cursor<Row> found =
                  finder.find(question, held.candidates(), documents, held.snapshot());
              return new Found(found, held);
            });
  }

  CompletionStage<JsonNode> explanation() {
    return start(
        finder ->
            held -> {
              JsonNode explained = finder.explain(question, held.candidates(), held.snapshot());
              close(held);
              return explained;
            });
  }

  private static final class Found extends HeldCursor<Row> implements RowCursor {
    private final long sequence;

    Found(Cursor<Row> rows, Held held) {
      super(rows, held.snapshot(), held::release);
      this.sequence = held.sequence();
    }

    @Override
    public long sequence() {
      return sequence;
    }
  }

  private <T> CompletionStage<T> start(Function<Finder, Function<Held, T>> asking) {
    try {
      BucketState state = views.requireBucket(bucket);
      Finder finder = views.finder();
      if (finder == null) {
        throw new UnsupportedException(
            "no-finder",
            "no view module that was found answers questions without a definition; define a query");
      }
      requireParameters(finder);
      views.environment().meters().query();
      Function<Held, T> ask = asking.apply(finder);
      long nanos =
          (consistency.timeout().compareTo(LONGEST) > 0 ? LONGEST : consistency.timeout())
              .toNanos();
      long target = target(state);
      CompletableFuture<?> fresh = fresh(state, target, Math.max(1, nanos));
      if (fresh.isDone() && !fresh.isCompletedExceptionally()) {
        return CompletableFuture.completedFuture(ask(ask, state, target));
      }
      return fresh.handleAsync(
          (nothing, problem) -> {
            if (problem != null) {
              throw behind(state, target, problem);
            }
            return ask(ask, state, target);
          },
          views.environment().pool()::answer);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void requireParameters(Finder finder) {
    for (String given : question.names()) {
      if (!finder.parameters().contains(given)) {
        throw new InvalidRequestException(
            "unknown-parameter",
            "there is no parameter '"
                + given
                + "'; there are "
                + finder.parameters().stream().sorted().toList());
      }
    }
  }

  private long target(BucketState state) {
    return switch (consistency.level()) {
      case LATEST -> state.lastSequence();
      case AT_LEAST -> consistency.sequence();
      case ANY -> 0;
    };
  }

  /** Completes when the database is fresh enough, and the views are or were waited for. */
  private CompletableFuture<?> fresh(BucketState state, long target, long nanos) {
    return views
        .environment()
        .since()
        .whenAtLeast(target)
        .toCompletableFuture()
        .orTimeout(nanos, TimeUnit.NANOSECONDS)
        .thenCompose(
            present -> {
              long here = Math.min(target, state.lastSequence());
              List<CompletableFuture<?>> waits = new ArrayList<>();
              for (Offer offer : offers()) {
                offer.build().urge(here);
                waits.add(
                    offer
                        .build()
                        .reached()
                        .whenAtLeast(here)
                        .toCompletableFuture()
                        .orTimeout(Math.min(nanos, MOST_VIEW_WAIT_NANOS), TimeUnit.NANOSECONDS)
                        .exceptionally(late -> 0L));
              }
              return CompletableFuture.allOf(waits.toArray(new CompletableFuture<?>[0]));
            });
  }

  private List<Offer> offers() {
    List<Offer> offers = new ArrayList<>();
    for (Query query : views.list(bucket)) {
      ViewBuild build = query.serving();
      if (build == null || build.ended()) {
        continue;
      }
      CompletableFuture<View> opened = build.opened().toCompletableFuture();
      View view = opened.isCompletedExceptionally() ? null : opened.getNow(null);
      if (view != null && !view.indexes().isEmpty()) {
        offers.add(new Offer(query, build, view));
      }
    }
    return offers;
  }

  private <T> T ask(Function<Held, T> question, BucketState state, long target) {
    Held held = hold(state, target);
    try {
      return question.apply(held);
    } catch (RuntimeException | Error e) {
      close(held);
      throw e;
    }
  }

  private Held hold(BucketState state, long target) {
    long here = Math.min(target, state.lastSequence());
    long sequence = views.environment().since().value();
    List<Offer> held = new ArrayList<>();
    for (Offer offer : offers()) {
      boolean complete = offer.build().caughtUp(state);
      long reached = offer.build().reached().value();
      if (reached >= here && offer.build().acquire()) {
        held.add(offer);
        sequence = complete ? sequence : Math.min(sequence, reached);
      }
    }
    try {
      return new Held(state, held, views.environment().snapshot(), sequence);
    } catch (RuntimeException | Error e) {
      held.forEach(offer -> offer.build().release());
      throw e;
    }
  }

  private static void close(Held held) {
    try {
      held.snapshot().close();
    } finally {
      held.release();
    }
  }

  private RuntimeException behind(BucketState state, long target, Throwable problem) {
    Throwable cause =
        problem instanceof CompletionException && problem.getCause() != null
            ? problem.getCause()
            : problem;
    if (cause instanceof TimeoutException) {
      return new UnavailableException(
          "view-behind",
          "the database has reached sequence "
              + views.environment().since().value()
              + " and not "
              + target
              + "; the bucket's last is "
              + state.lastSequence());
    }
    return cause instanceof RuntimeException known ? known : new CompletionException(cause);
  }
}
