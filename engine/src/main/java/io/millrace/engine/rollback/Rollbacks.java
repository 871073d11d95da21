package io.millrace.engine.rollback;

import io.millrace.api.RolledBack;
import io.millrace.api.Task;
import io.millrace.api.document.Attribution;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.Transition;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.engine.write.Writer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Rolls buckets back, or all of them, one rollback at a time.
 *
 * <p>While one is planned, writes to its buckets wait and all others go on; nothing is visible of
 * it, and a process that ends leaves nothing of it. Then the writer makes it one commit, which is
 * as atomic as any other.
 *
 * <p>Safe for use by many threads.
 */
public final class Rollbacks implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Rollbacks.class.getName());

  private final DocumentIndex index;
  private final RecordReader records;
  private final Transition.Past past;
  private final Writer writer;
  private final Path planned;
  private final Path plannedRows;
  private final Clock clock;
  private final AtomicReference<@Nullable Running> running = new AtomicReference<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "millrace-rollback"));
  private volatile boolean closing;

  /**
   * @param folder where planned changes are kept while there are any; what a process that ended
   *     left of them is deleted
   */
  public Rollbacks(
      DocumentIndex index,
      RecordReader records,
      Transition.Past past,
      Writer writer,
      Path folder,
      Clock clock) {
    this.index = index;
    this.records = records;
    this.past = past;
    this.writer = writer;
    this.planned = folder.resolve("rollback.planned");
    this.plannedRows = folder.resolve("rollback.rows");
    this.clock = clock;
    delete(planned);
    delete(plannedRows);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UnavailableException(
          "spool-failed", "the file " + file + " cannot be deleted: " + e.getMessage(), e);
    }
  }

  /** A rollback that goes on. */
  private static final class Running {
    final String name;
    final Instant started;
    final long startedNanos = System.nanoTime();
    volatile long done;
    volatile long total;

    Running(String name, Instant started) {
      this.name = name;
      this.started = started;
    }
  }

  /**
   * Makes everything what it was right after {@code to}.
   *
   * @param bucket null for all
   * @return fails with {@link NotFoundException} (code {@code unknown-target}) when there is no
   *     such sequence, or the bucket did not exist then, and with {@link UnavailableException}
   *     (code {@code rollback-running}) while another rollback goes on
   */
  public CompletionStage<RolledBack> run(
      @Nullable String bucket, long to, Attribution attribution) {
    String what = bucket == null ? "the database" : bucket;
    Running mine = new Running("rollback of " + what + " to " + to, clock.instant());
    try {
      requireTarget(to);
    } catch (NotFoundException e) {
      return CompletableFuture.failedFuture(e);
    }
    if (!running.compareAndSet(null, mine)) {
      return CompletableFuture.failedFuture(
          new UnavailableException(
              "rollback-running", "another rollback goes on; try again when it has ended"));
    }
    try {
      return CompletableFuture.supplyAsync(() -> roll(mine, bucket, to, attribution), thread);
    } catch (RejectedExecutionException e) {
      running.set(null);
      return CompletableFuture.failedFuture(
          new UnavailableException("closed", "the database is closed"));
    }
  }

  private RolledBack roll(Running mine, @Nullable String bucket, long to, Attribution attribution) {
    try {
      join(writer.hold(bucket == null ? null : Set.of(bucket)));
      return commit(mine, restoration(bucket, to), to, attribution);
    } finally {
      writer.release();
      running.set(null);
    }
  }

  private RolledBack commit(
      Running mine, Restoration restoration, long to, Attribution attribution) {
    Map<Integer, BucketState> buckets = new HashMap<>();
    long most = 0;
    for (BucketState bucket : restoration.restored()) {
      buckets.put(bucket.number(), bucket);
      most += bucket.documents() + bucket.deletedDocuments();
    }
    mine.total = Math.min(most, writer.since().value() - to);
    try (Spool changes = Spool.create(planned);
        Spool rows = Spool.create(plannedRows);
        RestoringCommit commit =
            new RestoringCommit(to, attribution, past, changes, rows, buckets)) {
      restoration.dropped().forEach(commit::drop);
      restoration.revived().forEach(commit::revive);
      Tally tally = new Tally();
      long last = writer.since().value();
      for (BucketState bucket : restoration.restored()) {
        plan(mine, new ChangedSince(index, records, bucket, to, last), commit, tally);
      }
      commit.seal();
      long end = join(writer.commit(commit));
      LOG.log(Level.INFO, mine.name + ": " + commit.changes() + " changes, up to " + end);
      return tally.of(end - Math.max(1, commit.changes()) + 1, end, restoration);
    }
  }

  private static final class Tally {
    private long created;
    private long updated;
    private long deleted;

    void count(ChangedSince.Changed changed) {
      if (!changed.live()) {
        deleted++;
      } else if (changed.wasLive()) {
        updated++;
      } else {
        created++;
      }
    }

    RolledBack of(long first, long last, Restoration restoration) {
      return new RolledBack(
          first,
          last,
          created,
          updated,
          deleted,
          restoration.dropped().stream().map(BucketState::name).toList(),
          restoration.revived().stream().map(BucketState::name).toList());
    }
  }

  /**
   * What {@link #run} would do now, as far as nobody writes meanwhile. Reads all that changed since
   * {@code to}.
   *
   * @throws NotFoundException as {@link #run} fails
   */
  public RolledBack preview(@Nullable String bucket, long to) {
    requireTarget(to);
    Restoration restoration = restoration(bucket, to);
    Tally tally = new Tally();
    long last = writer.since().value();
    for (BucketState restored : restoration.restored()) {
      try (ChangedSince documents = new ChangedSince(index, records, restored, to, last)) {
        while (documents.advance()) {
          tally.count(documents.current());
        }
      }
    }
    return tally.of(0, 0, restoration);
  }

  private void requireTarget(long to) {
    if (to < 1 || to > writer.since().value()) {
      throw new NotFoundException(
          "unknown-target",
          "there is no sequence " + to + "; the last is " + writer.since().value());
    }
  }

  private Restoration restoration(@Nullable String bucket, long to) {
    return bucket == null
        ? Restoration.ofAll(index.buckets(), to)
        : Restoration.of(index.buckets(), bucket, to);
  }

  private void plan(Running mine, ChangedSince changes, RestoringCommit commit, Tally tally) {
    long before = mine.done;
    try (ChangedSince documents = changes) {
      while (documents.advance()) {
        if (closing) {
          throw new UnavailableException("closed", "the database is closed");
        }
        ChangedSince.Changed changed = documents.current();
        for (StoredChange change : changed.restoring()) {
          commit.add(change, changed.row());
        }
        tally.count(changed);
        mine.done = before + documents.passed();
      }
      mine.done = before + documents.passed();
    }
  }

  private static <T> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MillraceException known) {
        throw known;
      }
      throw new InternalException("rollback-failed", "the rollback failed: " + e.getCause(), e);
    }
  }

  /** The rollback that goes on now, if there is one. */
  public List<Task> tasks() {
    Running now = running.get();
    if (now == null) {
      return List.of();
    }
    long done = now.done;
    return List.of(
        new Task(
            now.name,
            "rollback",
            done,
            Math.max(done, now.total),
            "documents",
            now.started,
            Duration.ofNanos(System.nanoTime() - now.startedNanos)));
  }

  /** Gives up what is planned; what the writer has goes on. */
  @Override
  public void close() {
    closing = true;
    thread.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (thread.awaitTermination(1, TimeUnit.HOURS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
