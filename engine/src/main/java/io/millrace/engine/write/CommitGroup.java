package io.millrace.engine.write;

import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.log.Incarnation;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.Checkpoint;
import io.millrace.engine.index.IndexUpdate;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.record.CommitHeader;
import io.millrace.engine.record.CommitHeader.CreatedBucket;
import io.millrace.engine.record.LogRecord;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Commits that are appended together, and become visible and are answered together: first planned,
 * then handed to the log, then indexed, then answered. Belongs to the writer's thread.
 */
final class CommitGroup {
  private static final Logger LOG = System.getLogger(CommitGroup.class.getName());

  private final CommitPlanner planner;
  private final IndexUpdate update;
  private final long before;
  private List<byte[]> records = new ArrayList<>();
  private final List<WriteTask> tasks = new ArrayList<>();
  private final List<Runnable> replies = new ArrayList<>();
  private final List<CommitOutcome> outcomes = new ArrayList<>();
  private @Nullable LargeCommit large;

  /** Whether {@link #update} has what {@link #large} does. */
  private boolean largeAdded;

  private CompletableFuture<Long> appended = CompletableFuture.completedFuture(0L);

  /** The writing of the index by another thread; null when the writer does it itself. */
  private @Nullable CompletableFuture<Void> indexedAhead;

  /** The time of the last commit in {@link #records}. */
  private long newestMillis;

  /** The digest of the last commit so far. */
  private CommitDigest digest;

  /**
   * @param update an empty one, which shows the state that this group finds
   * @param before the last sequence before this group
   * @param previous the digest of the last commit before this group
   */
  CommitGroup(CommitPlanner planner, IndexUpdate update, long before, CommitDigest previous) {
    this.planner = planner;
    this.update = update;
    this.before = before;
    this.digest = previous;
  }

  /** The digest of the last commit in this group, or of the one before it. */
  CommitDigest digest() {
    return digest;
  }

  IndexUpdate update() {
    return update;
  }

  /** Whether there is nobody to answer. */
  boolean isEmpty() {
    return tasks.isEmpty();
  }

  boolean hasRecords() {
    return !records.isEmpty();
  }

  int records() {
    return records.size();
  }

  int commits() {
    return tasks.size();
  }

  /** The sequence of the last record, or the one before this group when there is none. */
  long lastSequence() {
    return before + records.size();
  }

  Checkpoint checkpoint(Incarnation incarnation) {
    return new Checkpoint(incarnation, lastSequence(), newestMillis);
  }

  /** Whether this group must be in the index before {@code task} can be planned. */
  boolean mustPrecede(WriteTask task) {
    return task instanceof WriteTask.Documents documents
        && planner.mustWait(documents.request(), update);
  }

  /** Plans a task; answers it at once if it fails, in which case nothing of it is in this group. */
  void add(WriteTask task) {
    if (task instanceof WriteTask.Documents documents) {
      addDocuments(documents);
    } else if (task instanceof WriteTask.OneBucket bucket) {
      tasks.add(task);
      boolean done = bucket.drop() ? drop(bucket) : create(bucket);
      long at = done ? lastSequence() : 0;
      replies.add(() -> bucket.reply().complete(at));
    } else if (task instanceof WriteTask.Large commit) {
      addLarge(commit);
    }
  }

  /** Its index is made while the log takes it, since that takes long. */
  private void addLarge(WriteTask.Large task) {
    try {
      CommitHeader header = task.commit().header(planner.nextMillis(), digest);
      List<byte[]> all = task.commit().records(header);
      digest = task.commit().digest(header);
      records = all;
      newestMillis = header.timeMillis();
    } catch (MillraceException e) {
      task.fail(e);
      return;
    }
    large = task.commit();
    tasks.add(task);
    long last = lastSequence();
    replies.add(() -> task.reply().complete(last));
  }

  /** Writes the index of what the log has taken; can be tried again when that fails. */
  void writeIndex(Checkpoint checkpoint) {
    if (large != null && !largeAdded) {
      update.clear();
      large.index(update, before + 1);
    }
    largeAdded = false;
    update.write(checkpoint);
  }

  /**
   * Adds the large commit to the index while the log takes it; nothing is written before it has.
   */
  private void addToIndex(LargeCommit commit, Executor thread) {
    boolean added = false;
    try {
      update.deferSpilling(appended.thenAccept(this::requireLast), thread);
      commit.index(update, before + 1);
      added = true;
    } catch (MillraceException e) {
      // The log refused it, which refusal() tells; or it is tried again when the log has it.
      LOG.log(Level.DEBUG, "a large commit was not indexed while the log took it", e);
    } finally {
      if (!added) {
        update.clear();
      }
    }
    largeAdded = added;
  }

  private void addDocuments(WriteTask.Documents task) {
    CommitPlanner.Plan plan;
    try {
      plan = planner.plan(task.request(), update, lastSequence() + 1, digest);
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
      newestMillis = plan.timeMillis();
      digest = plan.digest();
    }
    outcomes.add(plan.outcome());
    replies.add(() -> task.reply().complete(plan.outcome()));
  }

  private boolean create(WriteTask.OneBucket task) {
    if (update.bucket(task.name()) != null) {
      return false;
    }
    CreatedBucket bucket = new CreatedBucket(update.nextBucketNumber(), task.name());
    long millis = planner.nextMillis();
    update.create(IndexUpdate.newBucket(bucket, lastSequence() + 1, millis));
    addHeader(CommitKind.BUCKET_CREATED, millis, task, List.of(bucket), List.of());
    return true;
  }

  private boolean drop(WriteTask.OneBucket task) {
    BucketState bucket = update.bucket(task.name());
    if (bucket == null) {
      return false;
    }
    update.drop(bucket, lastSequence() + 1);
    addHeader(
        CommitKind.BUCKET_DROPPED, planner.nextMillis(), task, List.of(), List.of(bucket.number()));
    return true;
  }

  private void addHeader(
      CommitKind kind,
      long millis,
      WriteTask.OneBucket task,
      List<CreatedBucket> created,
      List<Integer> dropped) {
    CommitHeader header =
        new CommitHeader(kind, millis, task.attribution(), 0, created, dropped, List.of(), digest);
    byte[] record = new LogRecord(header, 0, null).encode();
    digest = planner.digestOf(List.of(record), lastSequence() + 1);
    records.add(record);
    newestMillis = millis;
  }

  /**
   * Hands the records to {@code log}, and does not wait for it, except for those of a large commit.
   *
   * @param indexing may write the index of what the log has taken
   */
  void append(EngineLog log, Executor indexing) {
    if (records.isEmpty()) {
      return;
    }
    try {
      appended = log.append(records).toCompletableFuture();
    } catch (MillraceException e) {
      appended = CompletableFuture.failedFuture(e);
    }
    if (large != null) {
      addToIndex(large, indexing);
    }
  }

  /** Waits until the log has taken or refused the records. */
  void awaitLog() {
    try {
      appended.join();
    } catch (CompletionException e) {
      // Told by refusal().
    }
  }

  /**
   * Why the log refused the records; null when it took them. To be called once it has done either.
   *
   * @throws InternalException when it took them under other sequences
   */
  @Nullable Throwable refusal() {
    try {
      long last = appended.join();
      if (hasRecords()) {
        requireLast(last);
      }
      return null;
    } catch (CompletionException e) {
      return e.getCause() == null ? e : e.getCause();
    }
  }

  private void requireLast(long last) {
    if (last != lastSequence()) {
      throw EngineLog.misnumbered(lastSequence(), last);
    }
  }

  /** Whether it is a commit that its owner keeps only until it is answered. */
  boolean isLarge() {
    return large != null;
  }

  /** Has {@code thread} write the index of what the log has taken. */
  void indexAhead(Executor thread, Incarnation incarnation) {
    Checkpoint checkpoint = checkpoint(incarnation);
    indexedAhead = CompletableFuture.runAsync(() -> update.write(checkpoint), thread);
  }

  /**
   * Whether the index was written ahead; waits when it is being written. If not, because it was not
   * tried or failed, it is still to be written.
   */
  boolean indexedAhead() {
    try {
      if (indexedAhead != null) {
        indexedAhead.join();
      }
      return indexedAhead != null;
    } catch (CompletionException e) {
      // Writing it again will tell.
      indexedAhead = null;
      return false;
    }
  }

  /** Answers everybody with what was planned. */
  void answer(WriterMeters meters) {
    outcomes.forEach(meters::planned);
    replies.forEach(Runnable::run);
  }

  /** Answers everybody with a failure; what the group has of the index is given up. */
  void fail(Throwable cause) {
    if (large != null) {
      update.clear();
    }
    tasks.forEach(task -> task.fail(cause));
  }
}
