package io.millrace.engine.view;

import io.millrace.api.Task;
import io.millrace.engine.index.BucketState;
import java.time.Duration;
import java.time.Instant;

/** How far a build has come, as work that goes on. Told by one thread, asked by any. */
final class BuildProgress {
  private final String name;
  private final BucketState bucket;
  private final Instant started;
  private final long startedNanos = System.nanoTime();

  /** The position at which it was taken up; 0 for one that began now. */
  private final long resumedAt;

  private volatile long fed;

  BuildProgress(String name, BucketState bucket, Instant started, long resumedAt) {
    this.name = name;
    this.bucket = bucket;
    this.started = started;
    this.resumedAt = resumedAt;
  }

  /** Hears that so many changes were given to the view. For one thread at a time. */
  void fed(int changes) {
    fed += changes;
  }

  /** The progress of a view that needs every change, and was given those up to {@code position}. */
  Task throughChanges(long position) {
    long last = Math.max(1, bucket.lastSequence());
    return task(position, Math.max(position, last), "sequences", resumedAt);
  }

  /** The progress of a view that needs each document. */
  Task throughDocuments() {
    long last = Math.max(1, bucket.lastSequence());
    long all = bucket.documents() + bucket.deletedDocuments();
    // What was fed before the database was opened is not known; how far it came is.
    long earlier = (long) ((double) all * Math.min(resumedAt, last) / last);
    return task(earlier + fed, Math.max(all, earlier + fed), "documents", earlier);
  }

  private Task task(long done, long total, String unit, long earlier) {
    Duration elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
    return new Task(name, "view-build", done, total, unit, started, elapsed, earlier);
  }
}
