package io.millrace.engine.replication;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Refused;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.UnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Hands what a peer sent to the writer. Safe for use by many threads. */
final class RevisionInsertion {
  private static final int MOST_EDITS = 1_000;
  private static final long MOST_BYTES = 4L << 20;
  private static final int MOST_ATTEMPTS = 8;
  private static final long FIRST_PAUSE_MILLIS = 10;

  private final Function<CommitRequest, CompletionStage<CommitOutcome>> writer;
  private final int maxBodyBytes;
  private final ScheduledExecutorService pauses;

  /**
   * @param writer takes commits
   * @param maxBodyBytes the most bytes of one body
   * @param pauses where a commit is tried again that the writer had no room for
   */
  RevisionInsertion(
      Function<CommitRequest, CompletionStage<CommitOutcome>> writer,
      int maxBodyBytes,
      ScheduledExecutorService pauses) {
    this.writer = writer;
    this.maxBodyBytes = maxBodyBytes;
    this.pauses = pauses;
  }

  /** As {@link Replica#insert}. Nothing is inserted unless every revision can be. */
  CompletionStage<Void> insert(List<Sent> revisions) {
    RevisionCheck check = new RevisionCheck(maxBodyBytes);
    revisions.forEach(check::require);
    List<CompletableFuture<Void>> written = new ArrayList<>();
    // All at once, so that they share what forcing the log costs.
    for (Gathered commit : gather(revisions)) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      attempt(commit.request(), 1, done);
      written.add(done);
    }
    return CompletableFuture.allOf(written.toArray(CompletableFuture<?>[]::new));
  }

  /** Revisions of one attribution, each of another document. */
  private static final class Gathered {
    private final Attribution attribution;
    private final List<Edit> edits = new ArrayList<>();
    private final Set<List<String>> documents = new HashSet<>();
    private long bytes;

    Gathered(Attribution attribution) {
      this.attribution = attribution;
    }

    /**
     * Adds a revision.
     *
     * @return false when it must be part of another commit
     */
    boolean add(Sent sent) {
      boolean room = edits.size() < MOST_EDITS && bytes + sent.body().length() <= MOST_BYTES;
      if (!edits.isEmpty() && !room || !documents.add(List.of(sent.bucket(), sent.id()))) {
        return false;
      }
      bytes += sent.body().length();
      edits.add(
          new Edit.Insert(sent.bucket(), sent.id(), sent.path(), sent.deleted(), sent.body()));
      return true;
    }

    CommitRequest request() {
      return new CommitRequest(edits, attribution, CommitKind.REPLICATED);
    }
  }

  private static List<Gathered> gather(List<Sent> revisions) {
    List<Gathered> all = new ArrayList<>();
    Map<Attribution, Gathered> open = new HashMap<>();
    for (Sent sent : revisions) {
      Gathered commit = open.get(sent.attribution());
      if (commit == null || !commit.add(sent)) {
        commit = new Gathered(sent.attribution());
        commit.add(sent);
        open.put(sent.attribution(), commit);
        all.add(commit);
      }
    }
    return all;
  }

  private void attempt(CommitRequest request, int attempt, CompletableFuture<Void> done) {
    writer
        .apply(request)
        .whenComplete(
            (outcome, failure) -> {
              if (isFull(failure) && attempt < MOST_ATTEMPTS) {
                again(request, attempt + 1, done);
              } else {
                settle(outcome, failure, done);
              }
            });
  }

  private static boolean isFull(@Nullable Throwable failure) {
    return cause(failure) instanceof UnavailableException e && e.code().equals("writer-full");
  }

  private void again(CommitRequest request, int attempt, CompletableFuture<Void> done) {
    try {
      pauses.schedule(
          () -> attempt(request, attempt, done),
          FIRST_PAUSE_MILLIS << (attempt - 2),
          TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(new UnavailableException("closed", "the database is closed", e));
    }
  }

  private static void settle(
      @Nullable CommitOutcome outcome, @Nullable Throwable failure, CompletableFuture<Void> done) {
    Throwable cause = cause(failure);
    if (cause != null) {
      done.completeExceptionally(cause);
    } else if (outcome instanceof Refused refused) {
      done.completeExceptionally(
          new InternalException(
              "insert-refused",
              "what a peer sent was refused: " + refused.refusals().get(0).detail()));
    } else {
      done.complete(null);
    }
  }

  /** What made a stage fail that depends on others. */
  static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
