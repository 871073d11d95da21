package io.millrace.engine.write;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.api.log.ObservableSequence;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.Checkpoint;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.IndexUpdate;
import io.millrace.engine.index.TreeLoader;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.record.CommitHeader;
import io.millrace.engine.record.CommitHeader.CreatedBucket;
import io.millrace.engine.record.LogRecord;
import io.millrace.spi.Meters;
import io.millrace.spi.SettableSequence;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that validates, orders and appends.
 *
 * <p>It takes all writes that wait, plans them one after the other against the state that each
 * leaves behind, appends the records of all of them as one batch, and answers when that is durable
 * and indexed. While it does so the next writes gather, so one force serves many.
 *
 * <p>When the log fails, writes are refused and the log is opened again, at most once a second,
 * until that succeeds. When the store fails, the batch that the log already has is tried again
 * until the store takes it: the two never part.
 */
public final class Writer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Writer.class.getName());
  private static final int MAX_TASKS_PER_BATCH = 4_096;
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
  private final SettableSequence since;
  private final Thread thread;
  private final WriterMeters meters;

  /** What was taken from the queue and is worked on. */
  private final List<WriteTask> batch = new ArrayList<>();

  private long lastMillis;
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
    this.since = new SettableSequence("the database", recovered.sequence());
    this.queue = new WriteQueue(options.maxQueuedTasks(), options.maxQueuedBytes());
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

  /** Queues the making of a bucket. */
  public CompletionStage<Boolean> createBucket(String name, Attribution attribution) {
    CompletableFuture<Boolean> reply = new CompletableFuture<>();
    submit(new WriteTask.OneBucket(name, false, attribution, reply));
    return reply;
  }

  /** Queues the dropping of a bucket. */
  public CompletionStage<Boolean> dropBucket(String name, Attribution attribution) {
    CompletableFuture<Boolean> reply = new CompletableFuture<>();
    submit(new WriteTask.OneBucket(name, true, attribution, reply));
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
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    since.close();
  }

  private void run() {
    while (queue.take(batch, MAX_TASKS_PER_BATCH, options.maxBatchBytes(), RETRY_MILLIS)) {
      try {
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
        batch.forEach(task -> task.fail(unknown(e)));
      }
      batch.clear();
    }
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
    Group group = new Group();
    for (WriteTask task : batch) {
      boolean alone = task instanceof WriteTask.OneBucket;
      boolean waits =
          task instanceof WriteTask.Documents documents
              && planner.mustWait(documents.request(), group.update);
      if (alone || waits) {
        group.finish();
        group = new Group();
      }
      group.add(task);
      if (alone) {
        group.finish();
        group = new Group();
      }
    }
    group.finish();
  }

  /** Writes that are appended together. */
  private final class Group {
    private final IndexUpdate update = new IndexUpdate(index);
    private final List<byte[]> records = new ArrayList<>();
    private final List<WriteTask> tasks = new ArrayList<>();
    private final List<Runnable> replies = new ArrayList<>();

    /** The time of the last commit in {@link #records}. */
    private long newestMillis;

    void add(WriteTask task) {
      if (failure != null) {
        task.fail(new UnavailableException("log-failed", refusal()));
        return;
      }
      long next = since.value() + records.size() + 1;
      if (task instanceof WriteTask.Documents documents) {
        addDocuments(documents, next);
      } else if (task instanceof WriteTask.OneBucket bucket) {
        tasks.add(task);
        boolean done = bucket.drop() ? drop(bucket, next) : create(bucket, next);
        replies.add(() -> bucket.reply().complete(done));
      }
    }

    private void addDocuments(WriteTask.Documents task, long next) {
      CommitPlanner.Plan plan;
      try {
        plan = planner.plan(task.request(), update, next);
      } catch (MillraceException e) {
        task.fail(e);
        return;
      } catch (RuntimeException | StackOverflowError e) {
        // A transformation that fails fails its own commit, of which nothing is in this group.
        LOG.log(Level.WARNING, "a write failed", e);
        task.fail(new InternalException("write-failed", "nothing was written: " + e, e));
        return;
      }
      tasks.add(task);
      if (!plan.records().isEmpty()) {
        records.addAll(plan.records());
        newestMillis = lastMillis;
      }
      meters.planned(plan.outcome());
      replies.add(() -> task.reply().complete(plan.outcome()));
    }

    private void append(LogRecord record) {
      records.add(record.encode());
      newestMillis = lastMillis;
    }

    private boolean create(WriteTask.OneBucket task, long sequence) {
      if (update.bucket(task.name()) != null) {
        return false;
      }
      CreatedBucket bucket = new CreatedBucket(update.nextBucketNumber(), task.name());
      long millis = nextMillis();
      update.create(IndexUpdate.newBucket(bucket, sequence, millis));
      append(
          new LogRecord(
              new CommitHeader(
                  CommitKind.BUCKET_CREATED,
                  millis,
                  task.attribution(),
                  0,
                  List.of(bucket),
                  List.of()),
              0,
              null));
      return true;
    }

    private boolean drop(WriteTask.OneBucket task, long sequence) {
      BucketState bucket = update.bucket(task.name());
      if (bucket == null) {
        return false;
      }
      update.drop(bucket, sequence);
      append(
          new LogRecord(
              new CommitHeader(
                  CommitKind.BUCKET_DROPPED,
                  nextMillis(),
                  task.attribution(),
                  0,
                  List.of(),
                  List.of(bucket.number())),
              0,
              null));
      return true;
    }

    void finish() {
      if (!records.isEmpty() && !makeDurable()) {
        return;
      }
      replies.forEach(Runnable::run);
    }

    private boolean makeDurable() {
      long expected = since.value() + records.size();
      try {
        long last = log.append(records).toCompletableFuture().join();
        if (last != expected) {
          throw EngineLog.misnumbered(expected, last);
        }
      } catch (InvalidRequestException e) {
        // Too large for the log, which is as it was.
        tasks.forEach(task -> task.fail(e));
        return false;
      } catch (CompletionException | MillraceException e) {
        Throwable cause =
            e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        LOG.log(Level.WARNING, "the log refused an append: " + cause.getMessage());
        goOffline(cause);
        tasks.forEach(task -> task.fail(cause));
        return false;
      }
      if (!indexed(new Checkpoint(log.incarnation(), expected, newestMillis))) {
        return false;
      }
      since.advance(expected);
      meters.committed(records.size(), tasks.size());
      tell(update, expected);
      return true;
    }

    /** Writes the index until the store takes it, or until the database is closed. */
    private boolean indexed(Checkpoint checkpoint) {
      long giveUpAnswering = 0;
      while (true) {
        try {
          update.apply(checkpoint);
          failure = null;
          return true;
        } catch (UnavailableException e) {
          long now = System.nanoTime();
          if (giveUpAnswering == 0) {
            LOG.log(Level.ERROR, "the store refused the index of durable records; trying again", e);
            giveUpAnswering = now + TimeUnit.MILLISECONDS.toNanos(ANSWER_LATEST_MILLIS);
          }
          failure = e.getMessage();
          if (closing || now - giveUpAnswering > 0) {
            answerAll(e);
            if (closing) {
              return false;
            }
          }
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS / 4));
        }
      }
    }
  }

  /** Lets nobody wait for a store that may never come back. */
  private void answerAll(UnavailableException cause) {
    batch.forEach(task -> task.fail(unknown(cause)));
    List<WriteTask> waiting = new ArrayList<>();
    queue.take(waiting, Integer.MAX_VALUE, Long.MAX_VALUE, 0);
    UnavailableException refusal =
        new UnavailableException(
            "store-failed", "writes are refused since the store failed: " + cause.getMessage());
    waiting.forEach(task -> task.fail(refusal));
  }

  private static UnknownOutcomeException unknown(Throwable cause) {
    return new UnknownOutcomeException(
        "write-not-confirmed",
        "the write may or may not be kept; read to find out (" + cause.getMessage() + ")",
        cause);
  }
}
