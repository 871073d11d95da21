package io.millrace.engine.view;

import io.millrace.api.LiveRows;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.api.view.Following;
import io.millrace.api.view.Following.Beginning;
import io.millrace.api.view.LiveRow;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewMethod.ChangedRows;
import io.millrace.api.view.ViewMethod.Source;
import io.millrace.engine.index.DocumentRow;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one build, followed: those that were there, then round after round those of the
 * documents that changed.
 *
 * <p>A round looks at the changes behind the last one as far as the view had reached, and reads the
 * rows of their documents from a snapshot that is made afterwards, so the rows reflect all these
 * changes or newer ones. Between rounds neither a snapshot nor the view is held: the build can be
 * retired, and that ends the rows.
 */
final class RowFollower implements LiveRows {
  private final Views views;
  private final Query query;
  private final ViewBuild build;
  private final ViewArguments arguments;
  private final boolean removals;
  private final ChangedRows changed;

  /** Every change up to it was told, or is being told by {@link #round}. */
  private long seen;

  private @Nullable Cursor<LiveRow> round;
  private boolean caughtUp;
  private @Nullable LiveRow current;
  private @Nullable CompletableFuture<Long> waiting;
  private boolean closed;

  /** Why no more can be told: something may have been lost on the way, or the rows have ended. */
  private @Nullable RuntimeException broken;

  private RowFollower(
      Views views,
      Query query,
      ViewBuild build,
      ViewArguments arguments,
      Following following,
      ChangedRows changed) {
    this.views = views;
    this.query = query;
    this.build = build;
    this.arguments = arguments;
    this.removals = following.removals();
    this.changed = changed;
    // Read before the snapshot of the first rows, which may be newer but not older.
    this.seen =
        following.beginning() == Beginning.SINCE ? following.since() : build.reached().value();
  }

  /** Begins to follow a build that was acquired for this, and sees to it that it is released. */
  static RowFollower open(
      Views views,
      Query query,
      ViewBuild build,
      Source source,
      ViewArguments arguments,
      Following following) {
    boolean handedOver = false;
    try {
      ChangedRows changed = source.changed();
      if (changed == null) {
        throw new InvalidRequestException(
            "not-live", "these rows of the query " + query.label() + " cannot be followed");
      }
      changed.call(arguments, List.of(), views.environment().store()).close();
      if (following.beginning() == Beginning.SINCE) {
        requireSameRowsSince(following.since(), views, query);
      }
      RowFollower follower = new RowFollower(views, query, build, arguments, following, changed);
      if (following.beginning() == Beginning.EXISTING) {
        handedOver = true;
        follower.hold(snapshot -> new ExistingRows(source.rows().call(arguments, snapshot)));
      }
      return follower;
    } finally {
      if (!handedOver) {
        build.release();
      }
    }
  }

  /**
   * Refuses a sequence from before this definition: the rows of documents that have not changed
   * since may be others, too.
   */
  private static void requireSameRowsSince(long since, Views views, Query query) {
    DocumentRow definition = views.definitionRow(query.bucket().name(), query.name());
    boolean changedOnce = query.revision().generation() > 1;
    long begins =
        changedOnce && definition != null
            ? definition.winner().sequence()
            : query.bucket().createdSequence();
    if (since > 0 && since < begins) {
      throw new InvalidRequestException(
          "since-too-old",
          "the query "
              + query.label()
              + " is what it is since sequence "
              + begins
              + ", so its rows cannot be followed from "
              + since
              + " on; begin anew");
    }
  }

  /** Begins to tell what {@code reading} opens; the build must be acquired. */
  private void hold(Function<StoreReader, Cursor<LiveRow>> reading) {
    StoreSnapshot snapshot = null;
    try {
      snapshot = views.environment().snapshot();
      round = new HeldCursor<>(reading.apply(snapshot), snapshot, build::release);
    } catch (RuntimeException | Error e) {
      if (snapshot != null) {
        snapshot.close();
      }
      build.release();
      throw e;
    }
  }

  @Override
  public synchronized boolean advance() {
    if (closed) {
      return false;
    }
    if (broken != null) {
      throw broken;
    }
    try {
      current = next();
      return current != null;
    } catch (RuntimeException e) {
      // What was read from may have been closed because the rows end.
      broken = e instanceof UnavailableException && build.ended() ? ended() : e;
      current = null;
      endRound();
      throw broken;
    }
  }

  private @Nullable LiveRow next() {
    while (!closed) {
      Cursor<LiveRow> telling = round;
      if (telling != null) {
        if (telling.advance()) {
          return telling.current();
        }
        endRound();
      } else if (!caughtUp) {
        caughtUp = true;
        return new LiveRow.CaughtUp(seen);
      } else if (!beginRound()) {
        return null;
      }
    }
    return null;
  }

  /** Looks at some changes; false when there are none. */
  private boolean beginRound() {
    long reached = build.reached().value();
    if (reached <= seen) {
      if (build.ended()) {
        throw ended();
      }
      return false;
    }
    ChangedDocuments.Page page = views.environment().changed().read(query.bucket(), seen, reached);
    if (!page.documents().isEmpty()) {
      if (!build.acquire()) {
        throw ended();
      }
      hold(
          snapshot ->
              new RoundCursor(
                  page, changed.call(arguments, page.documents().keySet(), snapshot), removals));
    }
    seen = page.position();
    return true;
  }

  @Override
  public synchronized LiveRow current() {
    if (current == null) {
      throw new IllegalStateException("not on a row");
    }
    return current;
  }

  @Override
  public synchronized CompletionStage<Long> whenMore() {
    CompletableFuture<Long> reached = build.followed().whenAtLeast(seen + 1).toCompletableFuture();
    CompletableFuture<Long> more = new CompletableFuture<>();
    reached.whenComplete(
        (sequence, failure) -> {
          if (failure == null) {
            more.complete(sequence);
          } else {
            more.completeExceptionally(ended());
          }
        });
    more.whenComplete((sequence, failure) -> reached.cancel(false));
    waiting = more;
    if (closed) {
      more.cancel(false);
    }
    return more;
  }

  /** Why the rows have ended. Takes no lock of this object. */
  private UnavailableException ended() {
    return new UnavailableException(
        "rows-ended", "the rows of the query " + query.label() + " end: " + reason());
  }

  private String reason() {
    if (views.isClosed()) {
      return "the database is closed";
    }
    if (query.bucket().droppedSequence() != 0) {
      return "its bucket was dropped";
    }
    Query present = views.find(query.bucket().name(), query.name());
    if (present == null) {
      return "it was removed";
    }
    if (present != query) {
      return "its definition was changed; ask again for its new rows";
    }
    String failure = build.failure();
    return failure == null
        ? "it was built anew; ask again for its new rows"
        : "it stands still: " + failure;
  }

  @Override
  public synchronized void close() {
    closed = true;
    current = null;
    if (waiting != null) {
      waiting.cancel(false);
    }
    endRound();
  }

  private void endRound() {
    Cursor<LiveRow> told = round;
    round = null;
    if (told != null) {
      told.close();
    }
  }

  /** The rows that are there when the following begins. */
  private static final class ExistingRows implements Cursor<LiveRow> {
    private final Cursor<Row> rows;

    ExistingRows(Cursor<Row> rows) {
      this.rows = rows;
    }

    @Override
    public boolean advance() {
      return rows.advance();
    }

    @Override
    public LiveRow current() {
      return new LiveRow.Existing(rows.current());
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
