package io.millrace.api.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a commit that was asked for. */
public sealed interface CommitOutcome {
  /**
   * The commit is durable.
   *
   * @param sequence the sequence of its last record
   * @param written one for each edit that is no check, in their order
   */
  record Committed(long sequence, List<Written> written) implements CommitOutcome {}

  /**
   * Nothing was written.
   *
   * @param refusals one for each edit that was refused, in their order
   */
  record Refused(List<Refusal> refusals) implements CommitOutcome {}

  /**
   * An edit that was made.
   *
   * @param sequence of its change; of the earlier change when an inserted revision was known
   *     already
   * @param created whether there was no live document before
   * @param deleted whether the edit left a tombstone
   */
  record Written(
      String bucket,
      String id,
      Revision revision,
      long sequence,
      boolean created,
      boolean deleted) {}

  /**
   * An edit that was not made.
   *
   * @param index of the edit in the request
   * @param current the winner now, a tombstone included; null when there never was a document
   * @param detail for the reader of a message
   */
  record Refusal(
      int index,
      String bucket,
      String id,
      Reason reason,
      @Nullable Revision current,
      String detail) {}

  /** Why an edit was not made. */
  enum Reason {
    /** The document is not what the base says. */
    CONFLICT,
    /** There is no live document to delete or transform. */
    DOCUMENT_MISSING,
    /** The bucket does not exist and is not made by writing. */
    BUCKET_MISSING,
    /** A transformation found a body that it does not fit; another could have fitted. */
    TEST_FAILED,
    /** A transformation that makes no sense, or whose result is no acceptable body. */
    NOT_PROCESSABLE
  }
}
