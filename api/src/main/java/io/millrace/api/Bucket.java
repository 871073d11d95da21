package io.millrace.api;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.Document;
import io.millrace.api.document.Moment;
import io.millrace.api.document.Revision;
import io.millrace.api.range.Cursor;
import io.millrace.api.sync.SyncServer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of documents. A handle: it may exist or not, and costs nothing to make.
 *
 * <p>Reading from a bucket that does not exist finds nothing; where that must be told apart, ask
 * {@link #info()}.
 */
public interface Bucket {
  /** The name. */
  String name();

  /** What is known of the bucket; empty when it does not exist. */
  Optional<BucketInfo> info();

  /** The live document {@code id}: the body of the winner of its revision tree. */
  default Optional<Document> get(String id) {
    return find(id).filter(document -> !document.deleted());
  }

  /** The winner of {@code id}, a tombstone included. */
  Optional<Document> find(String id);

  /**
   * The winner of {@code id}, a tombstone included, with its {@linkplain Document#conflicts()
   * conflicts}.
   */
  Optional<Document> findWithConflicts(String id);

  /**
   * The state of {@code id} called {@code revision}; empty when it is not known, or only as an
   * ancestor.
   *
   * @throws io.millrace.api.error.NotFoundException when its body was {@linkplain #retain
   *     forgotten} (code {@code forgotten})
   */
  Optional<Document> find(String id, Revision revision);

  /**
   * The winner of {@code id} as it was right after {@code sequence}, a tombstone included.
   *
   * @throws io.millrace.api.error.NotFoundException when {@code sequence} is beyond the last one
   *     (code {@code unknown-target}), or the body was {@linkplain #retain forgotten} (code {@code
   *     forgotten})
   */
  Optional<Document> findAt(String id, long sequence);

  /** Whether the bucket existed right after {@code sequence}. */
  boolean existedAt(long sequence);

  /**
   * The live documents of {@code range}, in the byte order of their ids. Those of the past end with
   * {@link io.millrace.api.error.NotFoundException} (code {@code forgotten}) where the body of one
   * was {@linkplain #retain forgotten}, unless bodies are not asked for.
   */
  Cursor<Document> documents(DocumentRange range);

  /** Writes {@code body}; completes when it is durable. */
  CompletionStage<CommitOutcome> put(String id, Base base, Body body, Attribution attribution);

  /** Leaves a tombstone; completes when it is durable. */
  CompletionStage<CommitOutcome> delete(String id, Base base, Attribution attribution);

  /**
   * Makes a document what it was at an earlier moment, by a new revision on top of the present one,
   * whatever that is: with the body that it had, or a tombstone when there was none. The commit is
   * of the kind {@code rollback}.
   *
   * @return fails with {@link io.millrace.api.error.NotFoundException} (code {@code
   *     unknown-target}) when there is no such moment or revision; refused when there is no
   *     document, then or now
   */
  CompletionStage<CommitOutcome> rollback(String id, Moment to, Attribution attribution);

  /**
   * What {@link #rollback} would do if nobody wrote meanwhile.
   *
   * @throws io.millrace.api.error.NotFoundException as that fails, and (code {@code
   *     document-missing}) when there is no live document now, nor at {@code to}
   */
  RolledBack previewRollback(String id, Moment to);

  /**
   * Removes documents outright: their bodies and their whole history, in every way of reading, at
   * once; they were never there. Views and feeds see a deletion. What the log still holds of them
   * is taken out of it in the background, after which the commit that did this, of the kind {@code
   * purge}, names no ids any more, only their digests. Backups and other copies are not touched.
   *
   * @return refused when one of the documents never was, and then nothing is done; fails as {@link
   *     Database#commit} does
   */
  CompletionStage<CommitOutcome> purge(List<String> ids, Attribution attribution);

  /** Which superseded bodies are kept; empty when all are, or the bucket does not exist. */
  Optional<Retention> retention();

  /**
   * Lets this bucket keep so much of its past. Bodies that need not be kept are forgotten for good
   * by the next {@linkplain Database#compact compaction}; that the changes happened stays known, as
   * do their revisions, authors, messages and times. Reading such a body fails with {@link
   * io.millrace.api.error.NotFoundException} (code {@code forgotten}). The retention is itself a
   * part of the bucket's history, and a rollback of the bucket restores it.
   *
   * @param retention null to keep all of what is there
   * @return refused when there is no such bucket and writing does not make one; without a commit
   *     when nothing changes
   */
  CompletionStage<CommitOutcome> retain(@Nullable Retention retention, Attribution attribution);

  /** The changes of this bucket. */
  Activity activity();

  /** The past of this bucket. */
  History history();

  /** The queries defined on this bucket. */
  Queries queries();

  /**
   * What clients that work offline sync with. A bucket that does not exist has no changes, and is
   * made by the first ones that are sent, if writing makes buckets.
   */
  SyncServer sync();
}
