package io.millrace.api;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Commit;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Moment;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.api.replication.Peers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An open database: one log, and everything computed from it.
 *
 * <p><b>Writes</b> are queued for the database's one writer and answered when they are durable; the
 * stages complete on threads of the database and must not be blocked. <b>Reads</b> answer from the
 * calling thread, may read from disk, and see every write that was answered before they began.
 *
 * <p>Safe for use by many threads. Closing finishes the writes that were accepted, then refuses
 * everything with {@link io.millrace.api.error.UnavailableException}; closing twice does nothing.
 */
public interface Database extends AutoCloseable {
  /** The identity of this database, made with it; what its peers know it by. */
  UUID uuid();

  /** The sequence of the last write that reads can see. */
  ObservableSequence since();

  /**
   * Makes the edits of {@code request} together, or none of them.
   *
   * @return fails with {@link io.millrace.api.error.UnavailableException} when nothing was written
   *     (code {@code writer-full} when too many writes wait already), with {@link
   *     io.millrace.api.error.UnknownOutcomeException} when that is not known, and with {@link
   *     io.millrace.api.error.InvalidRequestException} when the request makes no sense
   */
  CompletionStage<CommitOutcome> commit(CommitRequest request);

  /**
   * The bucket called {@code name}, whether it exists or not.
   *
   * @throws io.millrace.api.error.InvalidRequestException when no bucket can have this name
   */
  Bucket bucket(String name);

  /** All buckets that exist, by name. */
  List<BucketInfo> buckets();

  /**
   * Makes a bucket, if it is not there.
   *
   * @return the sequence at which it was made; 0 when it was there
   */
  CompletionStage<Long> createBucket(String name, Attribution attribution);

  /**
   * Drops a bucket: its documents leave the present state; the log keeps them.
   *
   * @return the sequence at which it was dropped; 0 when it was not there
   */
  CompletionStage<Long> dropBucket(String name, Attribution attribution);

  /**
   * Makes all buckets and all documents what they were right after {@code to}: buckets and
   * documents that were dropped come back, those that were made later go, and what has not changed
   * stays untouched. It is one commit of the kind {@code rollback}, which is itself history, can be
   * rolled back, and can be a target. Queries are documents too in this.
   *
   * <p>Writes wait until it is planned. What was acknowledged before belongs to the state that is
   * rolled back; what comes after is written on top.
   *
   * @return fails with {@link io.millrace.api.error.NotFoundException} (code {@code
   *     unknown-target}) when there is no such sequence, with the same (code {@code forgotten})
   *     when a body that it needs was forgotten, with {@link
   *     io.millrace.api.error.UnavailableException} (code {@code rollback-running}) while another
   *     rollback goes on, and as {@link #commit} does
   */
  CompletionStage<RolledBack> rollback(long to, Attribution attribution);

  /**
   * As {@link #rollback(long, Attribution)}, for one bucket; only writes to that one wait.
   *
   * @return fails as that does, and when the bucket did not exist at {@code to}
   */
  CompletionStage<RolledBack> rollback(String bucket, long to, Attribution attribution);

  /**
   * What {@link #rollback(long, Attribution)} would do if nobody wrote meanwhile. Reads everything
   * that changed since {@code to}; throws what that fails with.
   */
  RolledBack previewRollback(long to);

  /** What {@link #rollback(String, long, Attribution)} would do, likewise. */
  RolledBack previewRollback(String bucket, long to);

  /**
   * Verifies the chain of digests that links all commits, from the commit with the sequence {@code
   * from} to the one with {@code to}: that each is what it was when the next one was written. Reads
   * all of them.
   *
   * @param noted the digest that the last one must have, noted at another time; null for none
   * @throws io.millrace.api.error.NotFoundException when there are no such sequences (code {@code
   *     unknown-target})
   */
  LogVerification verify(long from, long to, @Nullable CommitDigest noted);

  /** The changes of all buckets. */
  Activity activity();

  /**
   * The commits of all buckets. A commit is in {@code range} when its last sequence is; the limit
   * counts what passes the filter.
   */
  Cursor<Commit> commits(SequenceRange range, CommitFilter filter);

  /**
   * What stands for {@code commit}, which is one of this database, and for everything before it:
   * what {@link #verify} takes as a digest noted at another time. One look into the log.
   */
  CommitDigest digestOf(Commit commit);

  /** The last sequence whose commit is not later than {@code time}; 0 when all are later. */
  long sequenceAt(Instant time);

  /**
   * The sequence that {@code moment} stands for. The times of commits never go back, even if the
   * clock does, so a time is found by halving: some twenty looks into the log for a million
   * commits.
   *
   * @throws io.millrace.api.error.NotFoundException (code {@code unknown-target}) when it is a
   *     sequence below 1 or beyond the last, a time before the first commit, or one that has not
   *     come yet
   * @throws io.millrace.api.error.InvalidRequestException (code {@code invalid-moment}) when it is
   *     a revision, which says nothing without its document
   */
  long resolve(Moment moment);

  /** The servers that this database exchanges its documents with. */
  Peers peers();

  /**
   * A new, unused document id: a UUID of version 7 (RFC 9562), so that ids made later sort later.
   */
  String newDocumentId();

  /** What an operator wants to know. */
  DatabaseInfo info();

  /**
   * Makes a backup, while everything else goes on: a copy as of one sequence, which is the last one
   * when the log's turn comes. Blocks until the backup is durable.
   *
   * <p>In a folder that holds an earlier backup of this database only what came since is written,
   * as far as the modules can, and the earlier one is replaced when the new one is complete. A
   * backup that was interrupted leaves the one before, or a folder that says that it holds none.
   *
   * @param to missing, empty, or with an earlier backup of this database; not in the data folder
   * @throws io.millrace.api.error.InvalidRequestException when something else is there (code {@code
   *     not-a-backup})
   * @throws io.millrace.api.error.UnavailableException when another backup is being made (code
   *     {@code backup-running}), or it cannot be written (code {@code backup-failed})
   * @throws io.millrace.api.error.UnsupportedException when the log keeps nothing in files
   */
  BackupInfo backup(Path to);

  /**
   * Lets what was purged be taken out of the log, and the bodies that the {@linkplain Bucket#retain
   * retention} of their buckets does not keep, in the background; it shows among the {@link
   * #tasks}. A purge does this by itself for what it purged. Does nothing when there is nothing to
   * take out; one that goes on already is followed by another.
   *
   * @throws io.millrace.api.error.UnsupportedException when the log cannot do it
   */
  void compact();

  /** Work that goes on in the background now. */
  List<Task> tasks();

  @Override
  void close();
}
