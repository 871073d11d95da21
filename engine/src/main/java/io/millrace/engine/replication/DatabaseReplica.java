package io.millrace.engine.replication;

import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.ObservableSequence;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.IndexUpdate;
import io.millrace.engine.index.Lifetime;
import io.millrace.engine.index.TreeLoader;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.write.WriterListener;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The database as replication sees it: its log and index for those who take from it, its writer for
 * what it takes. Reads and checks on two threads of its own, which end when it is closed.
 *
 * <p>Safe for use by many threads.
 */
public final class DatabaseReplica implements Replica, WriterListener, AutoCloseable {
  private static final int THREADS = 2;
  private static final long LONGEST_CLOSING_SECONDS = 30;

  private final UUID database;
  private final ObservableSequence since;
  private final Incarnation logIncarnation;
  private final Anchors anchors;
  private final ChangeScan scan;
  private final MissingRevisions missing;
  private final RevisionReader reader;
  private final RevisionInsertion insertion;
  private final PullCheckpoints checkpoints;
  private final ScheduledThreadPoolExecutor threads;

  /** The last sequence at which a bucket was brought back; 0 when none ever was. */
  private volatile long revived;

  /**
   * @param database the identity of the database
   * @param since the last sequence that can be read
   * @param writer takes commits
   * @param maxBodyBytes the most bytes of one body
   */
  public DatabaseReplica(
      UUID database,
      DocumentIndex index,
      EngineLog log,
      TreeLoader trees,
      ObservableSequence since,
      Function<CommitRequest, CompletionStage<CommitOutcome>> writer,
      int maxBodyBytes) {
    this.database = database;
    this.since = since;
    this.logIncarnation = log.incarnation();
    this.anchors = new Anchors(log);
    this.scan = new ChangeScan(index, log, anchors);
    PresentTrees present = new PresentTrees(index, trees);
    this.missing = new MissingRevisions(index, present);
    this.reader = new RevisionReader(database, index, log, present);
    this.checkpoints = new PullCheckpoints(index.store());
    for (String name : index.buckets().names()) {
      index.buckets().lives(name).forEach(this::noteRevival);
    }
    AtomicInteger number = new AtomicInteger();
    threads =
        new ScheduledThreadPoolExecutor(
            THREADS, task -> new Thread(task, "millrace-replica-" + number.incrementAndGet()));
    this.insertion = new RevisionInsertion(writer, maxBodyBytes, threads);
  }

  private void noteRevival(BucketState bucket) {
    List<Lifetime.Span> spans = bucket.lifetime().spans();
    if (spans.size() > 1) {
      revived = Math.max(revived, spans.get(spans.size() - 1).first());
    }
  }

  /** For the writer's thread. */
  @Override
  public void indexed(IndexUpdate update, long sequence) {
    update.revivedBuckets().forEach(this::noteRevival);
  }

  @Override
  public UUID database() {
    return database;
  }

  /**
   * That of the log, and another one since a rollback has brought a bucket back: its documents did
   * not change then, so who passed over them while it was dropped would never see them again. With
   * another incarnation everything is compared anew.
   */
  @Override
  public Incarnation incarnation() {
    long turn = revived;
    UUID id = logIncarnation.id();
    return turn == 0
        ? logIncarnation
        : new Incarnation(
            new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ turn));
  }

  @Override
  public long since() {
    return since.value();
  }

  @Override
  public CompletionStage<Long> whenAtLeast(long sequence) {
    return since.whenAtLeast(sequence);
  }

  @Override
  public CompletionStage<Boolean> recognises(Anchor anchor) {
    return run(() -> anchors.recognises(anchor, since()));
  }

  @Override
  public CompletionStage<Changes> changes(long after, Selection selection, int limit) {
    return run(() -> scan.after(after, selection, limit, since()));
  }

  @Override
  public CompletionStage<List<Wanted>> missing(
      List<OfferedDocument> documents, Selection selection) {
    return run(() -> missing.of(documents, selection));
  }

  @Override
  public CompletionStage<Answer> read(List<Wanted> wanted, Selection selection, long maxBytes) {
    return run(() -> reader.read(wanted, selection, maxBytes, since()));
  }

  @Override
  public CompletionStage<Void> insert(List<Sent> revisions) {
    CompletableFuture<Void> inserted = new CompletableFuture<>();
    this.<CompletionStage<Void>>run(() -> insertion.insert(revisions))
        .whenComplete(
            (written, refusal) -> {
              if (refusal != null) {
                inserted.completeExceptionally(refusal);
              } else {
                written.whenComplete((done, failure) -> settle(inserted, failure));
              }
            });
    return inserted;
  }

  private static void settle(CompletableFuture<Void> stage, @Nullable Throwable failure) {
    if (failure == null) {
      stage.complete(null);
    } else {
      stage.completeExceptionally(RevisionInsertion.cause(failure));
    }
  }

  @Override
  public @Nullable PullCheckpoint checkpoint(UUID source, Selection selection) {
    return checkpoints.find(source, selection);
  }

  @Override
  public CompletionStage<Void> saveCheckpoint(
      UUID source, Selection selection, PullCheckpoint checkpoint) {
    checkpoints.note(source, selection, checkpoint);
    CompletableFuture<Void> saved = new CompletableFuture<>();
    run(() -> {
          checkpoints.write(source, selection);
          return true;
        })
        .whenComplete((written, failure) -> settle(saved, failure));
    return saved;
  }

  /** Does {@code work} on a thread of this replica. */
  private <T> CompletableFuture<T> run(Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      threads.execute(
          () -> {
            try {
              result.complete(work.get());
            } catch (MillraceException e) {
              result.completeExceptionally(e);
            } catch (RuntimeException | Error e) {
              result.completeExceptionally(
                  new InternalException("replication-failed", "a defect: " + e, e));
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(new UnavailableException("closed", "the database is closed", e));
    }
    return result;
  }

  /** Finishes what goes on; what follows is refused. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(LONGEST_CLOSING_SECONDS, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
