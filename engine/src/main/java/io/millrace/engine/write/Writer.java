package io.millrace.engine.write;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.api.log.ObservableSequence;
import io.millrace.engine.index.Checkpoint;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.IndexUpdate;
import io.millrace.engine.index.TreeLoader;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.record.CommitHeader;
import io.millrace.spi.Meters;
import io.millrace.spi.SettableSequence;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that validates, orders and appends.
 *
 * <p>It takes all writes that wait, plans them one after the other against the state that each
 * leaves behind, and appends the records of all of them as one batch. While the log forces that
 * batch, the one before, which is durable, is indexed and answered, and the next writes gather: one
 * force serves many, and the disk and the processor work at the same time. At most two batches are
 * open at once, of which the log has one.
 *
 * <p>When the log fails, writes are refused and the log is opened again, at most once a second,
 * until that succeeds. When the store fails, the batch that the log already has is tried again
 * until the store takes it: the two never part.
 */
public final class Writer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Writer.class.getName());
  private static final int MAX_TASKS_PER_BATCH = 4_096;

  /** Waking another thread pays from about here on. */
  private static final int FEWEST_RECORDS_INDEXED_AHEAD = 64;

  private static final long RETRY_MILLIS = 1_000;
  private static final long ANSWER_LATEST_MILLIS = 10_000;

  private final EngineLog log;
  private final DocumentIndex index;
  private final TreeLoader trees;
  private final CommitPlanner planner;
  private final WriterOptions options;
  private final Clock clock;
  private final WriterListener listener;
  private final WriteQueue queue;
  private final HeldBuckets held;
  private final SettableSequence since;
  private final Thread thread;
  private final WriterMeters meters;

  /** Writes the index of a large batch while the next one is planned. */
  private final ExecutorService indexing =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "millrace-index"));

  /** What was taken from the queue and is not in a group yet, or in one of {@link #open}. */
  private final List<WriteTask> batch = new ArrayList<>();

  /** The groups that are not answered, oldest first; the log has all but the last. */
  private final ArrayDeque<CommitGroup> open = new ArrayDeque<>(3);

  private long lastMillis;

  /** The digest of the last commit that is in the log; written by the thread of the writer. */
  private volatile CommitDigest digest;

  private long nextAttemptNanos;
  private volatile @Nullable String failure;
  private volatile boolean closing;

  /**
   * Starts the writer.
   *
   * @param recovered how far the index has come
   */
  public Writer(
      EngineLog log,
      DocumentIndex index,
      TreeLoader trees,
      Checkpoint recovered,
      WriterOptions options,
      Clock clock,
      Meters meters,
      WriterListener listener) {
    this.log = log;
    this.index = index;
    this.trees = trees;
    this.options = options;
    this.clock = clock;
    this.listener = listener;
    this.lastMillis = recovered.timeMillis();
    this.digest = log.lastDigest();
    this.since = new SettableSequence("the database", recovered.sequence());
    this.queue = new WriteQueue(options.maxQueuedTasks(), options.maxQueuedBytes());
    this.held = new HeldBuckets(options.maxQueuedTasks(), options.maxQueuedBytes());
    this.meters = new WriterMeters(meters, queue::size);
    this.planner =
        new CommitPlanner(
            log,
            trees,
            options.autoCreateBuckets(),
            options.maxBodyBytes(),
            log.maxRecordBytes(),
            this::nextMillis);
    this.thread = new Thread(this::run, "millrace-writer");
    thread.start();
  }

  /** The last sequence that can be read. */
  public ObservableSequence since() {
    return since;
  }

  /** Why writes are refused at present; null when they are not. */
  public @Nullable String failure() {
    return failure;
  }

  /** Queues a commit. The stage completes on the writer's thread. */
  public CompletionStage<CommitOutcome> commit(CommitRequest request) {
    CompletableFuture<CommitOutcome> reply = new CompletableFuture<>();
    submit(new WriteTask.Documents(request, reply));
    return reply;
  }

  /** Queues the making of a bucket; as {@link io.millrace.api.Database#createBucket}. */
  public CompletionStage<Long> createBucket(String name, Attribution attribution) {
    CompletableFuture<Long> reply = new CompletableFuture<>();
    submit(new WriteTask.OneBucket(name, false, attribution, reply));
    return reply;
  }

  /** Queues the dropping of a bucket; as {@link io.millrace.api.Database#dropBucket}. */
  public CompletionStage<Long> dropBucket(String name, Attribution attribution) {
    CompletableFuture<Long> reply = new CompletableFuture<>();
    submit(new WriteTask.OneBucket(name, true, attribution, reply));
    return reply;
  }

  /**
   * Holds buckets: from the sequence that is answered on, nobody else writes to them, and writes to
   * them wait, until {@link #release()}. One such hold is possible at a time.
   *
   * @param names of the buckets; null for all
   */
  public CompletionStage<Long> hold(@Nullable Set<String> names) {
    CompletableFuture<Long> reply = new CompletableFuture<>();
    submit(new WriteTask.Hold(names, reply));
    return reply;
  }

  /** Ends a hold, or does nothing. */
  public void release() {
    held.release();
    queue.wake();
  }

  /**
   * Queues a commit to buckets that are held.
   *
   * @return the sequence of its last record
   */
  public CompletionStage<Long> commit(LargeCommit commit) {
    CompletableFuture<Long> reply = new CompletableFuture<>();
    submit(new WriteTask.Large(commit, reply));
    return reply;
  }

  private void submit(WriteTask task) {
    try {
      queue.put(task);
    } catch (UnavailableException e) {
      task.fail(e);
    }
  }

  /** Does what waits, then ends. */
  @Override
  public void close() {
    closing = true;
    queue.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    indexing.shutdown();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    since.close();
  }

  private void run() {
    while (takeNext()) {
      try {
        settleFailed();
        if (mayWrite()) {
          process();
        } else {
          UnavailableException refusal = new UnavailableException("log-failed", refusal());
          batch.forEach(task -> task.fail(refusal));
        }
      } catch (RuntimeException | Error e) {
        // A defect: what is in memory may not be what is in the log any more.
        LOG.log(Level.ERROR, "the writer met an unexpected error", e);
        goOffline(e);
        failAll(unknown(e));
      }
      batch.clear();
    }
    UnavailableException closed = new UnavailableException("closed", "the database is closed");
    held.takeAll().forEach(task -> task.fail(closed));
  }

  /**
   * Waits for what the log is forcing, or else for the first write; then takes all that wait.
   *
   * @return false when nothing is left and nothing will come
   */
  private boolean takeNext() {
    CommitGroup appended = open.peekLast();
    if (appended != null) {
      appended.awaitLog();
    }
    held.takeDue(batch);
    long patience = appended == null && batch.isEmpty() ? RETRY_MILLIS : 0;
    boolean more = queue.take(batch, MAX_TASKS_PER_BATCH, options.maxBatchBytes(), patience);
    return more || appended != null || held.hasDue();
  }

  private String refusal() {
    return "writes are refused since the log failed ("
        + failure
        + "); it is tried again every second";
  }

  /** Whether the log takes appends; tries to get there when it does not. */
  private boolean mayWrite() {
    if (failure == null) {
      return true;
    }
    if (closing || System.nanoTime() - nextAttemptNanos < 0) {
      return false;
    }
    try {
      log.reopen();
      // Before anything of it can be seen, so that everything that can be has a digest.
      digest = log.lastDigest();
      Checkpoint reached =
          new Recovery(log, index, trees)
              .runBesideReaders(
                  (update, sequence) -> {
                    since.advance(sequence);
                    tell(update, sequence);
                  });
      lastMillis = Math.max(lastMillis, reached.timeMillis());
      LOG.log(Level.INFO, "the log takes appends again, from sequence " + (reached.sequence() + 1));
      failure = null;
      return true;
    } catch (MillraceException e) {
      goOffline(e);
      return false;
    }
  }

  /** Tells the listener; its troubles are not those of the writes, which are done. */
  private void tell(IndexUpdate update, long sequence) {
    try {
      listener.indexed(update, sequence);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "what follows the writes failed at sequence " + sequence, e);
    }
  }

  /**
   * The digest of the commit whose last sequence is {@code last}, which reads can see. The commit
   * that follows names it. Any thread may ask.
   */
  public CommitDigest digestAt(long last) {
    // What is asked for is the end of the log until another commit is durable.
    CommitDigest end = digest;
    if (log.durableSequence() == last) {
      return end;
    }
    CommitHeader next = log.record(last + 1).header();
    if (next == null) {
      throw new CorruptionException(
          "log record " + (last + 1), "the first record of a commit was expected");
    }
    return next.previous();
  }

  private void goOffline(Throwable cause) {
    String message = cause.getMessage();
    failure = message == null ? cause.getClass().getSimpleName() : message;
    nextAttemptNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
  }

  private long nextMillis() {
    lastMillis = Math.max(lastMillis, clock.millis());
    return lastMillis;
  }

  private void process() {
    CommitGroup durable = open.peekLast();
    if (durable != null && !batch.isEmpty() && durable.records() >= FEWEST_RECORDS_INDEXED_AHEAD) {
      durable.indexAhead(indexing, log.incarnation());
    }
    CommitGroup group = begin();
    for (WriteTask task : batch) {
      if (held.keeps(task)) {
        continue;
      }
      boolean alone = !(task instanceof WriteTask.Documents documents) || documents.purges();
      if (alone || group.mustPrecede(task)) {
        finishAll(group);
        group = begin();
      }
      if (failure != null) {
        task.fail(new UnavailableException("log-failed", refusal()));
        continue;
      }
      if (task instanceof WriteTask.Hold hold) {
        held.hold(hold.names());
        hold.reply().complete(since.value());
        continue;
      }
      group.add(task);
      if (alone) {
        finishAll(group);
        group = begin();
      }
    }
    append(group);
  }

  /** A group that comes after what the log has. */
  private CommitGroup begin() {
    CommitGroup appended = open.peekLast();
    return appended == null
        ? new CommitGroup(planner, new IndexUpdate(index), since.value(), digest)
        : new CommitGroup(
            planner,
            new IndexUpdate(index, appended.update()),
            appended.lastSequence(),
            appended.digest());
  }

  /** Hands {@code group} to the log; indexes and answers what is before it meanwhile. */
  private void append(CommitGroup group) {
    if (!group.isEmpty()) {
      open.addLast(group);
      group.append(log, indexing);
    }
    while (open.size() > (group.isEmpty() ? 0 : 1)) {
      settle(open.getFirst());
      open.removeFirst();
    }
    if (!group.hasRecords()) {
      // The log has nothing to say, so nobody would wait for it.
      finishOpen();
    }
  }

  /** Appends {@code group} and waits until everything is indexed and answered. */
  private void finishAll(CommitGroup group) {
    append(group);
    finishOpen();
  }

  private void finishOpen() {
    while (!open.isEmpty()) {
      open.getFirst().awaitLog();
      if (settleFailed()) {
        return;
      }
      settle(open.getFirst());
      open.removeFirst();
    }
  }

  /**
   * Answers the group that the log has, when the log did not take it.
   *
   * @return whether it was so
   */
  private boolean settleFailed() {
    CommitGroup appended = open.peekLast();
    Throwable cause = appended == null ? null : appended.refusal();
    if (appended == null || cause == null) {
      return false;
    }
    open.removeLast();
    // Too large for the log, which is as it was; or it failed.
    if (!(cause instanceof InvalidRequestException)) {
      LOG.log(Level.WARNING, "the log refused an append: " + cause.getMessage());
      goOffline(cause);
    }
    appended.fail(cause);
    return true;
  }

  /** Indexes and answers a group that the log has taken. */
  private void settle(CommitGroup group) {
    if (group.hasRecords()) {
      indexed(group);
      digest = group.digest();
      since.advance(group.lastSequence());
      meters.committed(group.records(), group.commits());
      tell(group.update(), group.lastSequence());
    }
    group.answer(meters);
  }

  /** Writes the index until the store takes it; gives up only when the database is closed. */
  private void indexed(CommitGroup group) {
    Checkpoint checkpoint = group.checkpoint(log.incarnation());
    boolean written = group.indexedAhead();
    long giveUpAnswering = 0;
    while (true) {
      try {
        if (!written) {
          group.writeIndex(checkpoint);
        }
        group.update().publish();
        failure = null;
        return;
      } catch (UnavailableException e) {
        long now = System.nanoTime();
        if (giveUpAnswering == 0) {
          LOG.log(Level.ERROR, "the store refused the index of durable records; trying again", e);
          giveUpAnswering = now + TimeUnit.MILLISECONDS.toNanos(ANSWER_LATEST_MILLIS);
        }
        failure = e.getMessage();
        if (closing) {
          throw e;
        }
        if (now - giveUpAnswering > 0) {
          answerAll(e);
          if (group.isLarge()) {
            throw e; // It is gone with the answer; what indexes it is the log, once there is room.
          }
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS / 4));
      }
    }
  }

  /** Lets nobody wait for a store that may never come back. */
  private void answerAll(UnavailableException cause) {
    UnknownOutcomeException unknown = unknown(cause);
    batch.forEach(task -> task.fail(unknown));
    open.forEach(group -> group.fail(unknown));
    List<WriteTask> waiting = new ArrayList<>();
    queue.take(waiting, Integer.MAX_VALUE, Long.MAX_VALUE, 0);
    UnavailableException refusal =
        new UnavailableException(
            "store-failed", "writes are refused since the store failed: " + cause.getMessage());
    waiting.forEach(task -> task.fail(refusal));
  }

  private void failAll(UnknownOutcomeException cause) {
    open.forEach(CommitGroup::indexedAhead);
    batch.forEach(task -> task.fail(cause));
    open.forEach(group -> group.fail(cause));
    open.clear();
  }

  private static UnknownOutcomeException unknown(Throwable cause) {
    return new UnknownOutcomeException(
        "write-not-confirmed",
        "the write may or may not be kept; read to find out (" + cause.getMessage() + ")",
        cause);
  }
}
