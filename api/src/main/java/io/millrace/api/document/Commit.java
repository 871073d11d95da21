package io.millrace.api.document;

import java.time.Instant;

/**
 * One or more changes that were appended together, atomically, with who, why, when and what kind.
 *
 * @param first the sequence of its first record
 * @param last the sequence of its last record
 * @param kind what it did
 * @param time when the writer took it, to the millisecond; never before the time of an earlier
 *     commit of the same database
 * @param attribution who and why
 * @param changes how many documents it changed; 0 for a commit that only made or dropped a bucket
 * @param target of a rollback, the sequence after which things were as they were again; 0 for all
 *     others, and where it was not noted
 */
public record Commit(
    long first,
    long last,
    CommitKind kind,
    Instant time,
    Attribution attribution,
    int changes,
    long target) {
  /** A commit that is no rollback. */
  public Commit(
      long first, long last, CommitKind kind, Instant time, Attribution attribution, int changes) {
    this(first, last, kind, time, attribution, changes, 0);
  }
}
