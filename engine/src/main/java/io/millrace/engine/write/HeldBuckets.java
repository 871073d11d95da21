package io.millrace.engine.write;

import io.millrace.api.document.Edit;
import io.millrace.api.error.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The buckets that nobody writes to for a while, because a large commit is planned on them, and the
 * writes that wait for its end. Bounded as the queue of the writer is: what does not fit is refused
 * and not made to wait.
 *
 * <p>Safe for use by many threads.
 */
final class HeldBuckets {
  private final int maxTasks;
  private final long maxBytes;
  private final List<WriteTask> waiting = new ArrayList<>();
  private final List<WriteTask> due = new ArrayList<>();
  private long bytes;
  private boolean holding;

  /** Their names; null for all. Nothing is held unless {@link #holding}. */
  private @Nullable Set<String> names = Set.of();

  HeldBuckets(int maxTasks, long maxBytes) {
    this.maxTasks = maxTasks;
    this.maxBytes = maxBytes;
  }

  /**
   * Holds buckets from now on.
   *
   * @param buckets their names; null for all
   */
  synchronized void hold(@Nullable Set<String> buckets) {
    if (holding) {
      throw new IllegalStateException("buckets are held already");
    }
    holding = true;
    names = buckets;
  }

  /** Holds nothing any more; what waited is due. */
  synchronized void release() {
    holding = false;
    due.addAll(waiting);
    waiting.clear();
    bytes = 0;
  }

  /** Moves what is due to {@code batch}. */
  synchronized void takeDue(List<WriteTask> batch) {
    batch.addAll(due);
    due.clear();
  }

  synchronized boolean hasDue() {
    return !due.isEmpty();
  }

  /**
   * Keeps {@code task} waiting, or refuses it, when it writes to a bucket that is held.
   *
   * @return whether it was so
   */
  synchronized boolean keeps(WriteTask task) {
    if (!holding || !concerns(task)) {
      return false;
    }
    if (!waiting.isEmpty() && (waiting.size() >= maxTasks || bytes + task.bytes() > maxBytes)) {
      task.fail(
          new UnavailableException(
              "rollback-running",
              "the bucket is being rolled back and "
                  + waiting.size()
                  + " writes wait for that already; try again in a moment"));
    } else {
      waiting.add(task);
      bytes += task.bytes();
    }
    return true;
  }

  private boolean concerns(WriteTask task) {
    Set<String> held = names;
    if (task instanceof WriteTask.OneBucket bucket) {
      return held == null || held.contains(bucket.name());
    }
    if (task instanceof WriteTask.Documents documents) {
      for (Edit edit : documents.request().edits()) {
        if (held == null || held.contains(edit.bucket())) {
          return true;
        }
      }
    }
    return false;
  }

  /** Everything that waits or is due, which is forgotten. */
  synchronized List<WriteTask> takeAll() {
    List<WriteTask> all = new ArrayList<>(due);
    all.addAll(waiting);
    due.clear();
    waiting.clear();
    bytes = 0;
    return all;
  }
}
