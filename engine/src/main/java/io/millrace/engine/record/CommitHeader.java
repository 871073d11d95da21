package io.millrace.engine.record;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Commit;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.CommitKind;
import java.time.Instant;
import java.util.List;

/**
 * What the first record of a commit says of the whole.
 *
 * @param timeMillis since 1970-01-01T00:00Z
 * @param changes how many records follow one another as its changes; 0 for a commit of one record
 *     without a change
 * @param created buckets made with it
 * @param dropped the numbers of buckets dropped with it
 * @param revived the numbers of buckets that had been dropped and exist again from here on
 * @param previous the digest of the commit before
 * @param target of a rollback, the sequence whose state it restored; 0 for all others
 */
public record CommitHeader(
    CommitKind kind,
    long timeMillis,
    Attribution attribution,
    int changes,
    List<CreatedBucket> created,
    List<Integer> dropped,
    List<Integer> revived,
    CommitDigest previous,
    long target) {
  /** What is said of a commit that is no rollback. */
  public CommitHeader(
      CommitKind kind,
      long timeMillis,
      Attribution attribution,
      int changes,
      List<CreatedBucket> created,
      List<Integer> dropped,
      List<Integer> revived,
      CommitDigest previous) {
    this(kind, timeMillis, attribution, changes, created, dropped, revived, previous, 0);
  }

  /** A bucket and the number that stands for it in this log. */
  public record CreatedBucket(int number, String name) {}

  /** How many records the commit has. */
  public int records() {
    return Math.max(1, changes);
  }

  /** The commit, when its first record has the sequence {@code first}. */
  public Commit commit(long first) {
    return new Commit(
        first,
        first + records() - 1,
        kind,
        Instant.ofEpochMilli(timeMillis),
        attribution,
        changes,
        target);
  }
}
