package io.millrace.api.document;

import org.jspecify.annotations.Nullable;

/**
 * One document's new revision.
 *
 * @param sequence its place in the log
 * @param bucket the name of the bucket
 * @param id the document
 * @param revision the new revision
 * @param parent the revision it was made from; null for a first one
 * @param deleted whether the new revision is a tombstone
 * @param commit what it was appended with
 * @param body the new body; null unless asked for, and when it was forgotten
 * @param forgotten whether the body was forgotten because it was superseded long ago, as the
 *     bucket's {@linkplain io.millrace.api.Retention retention} has it
 */
public record Change(
    long sequence,
    String bucket,
    String id,
    Revision revision,
    @Nullable Revision parent,
    boolean deleted,
    Commit commit,
    @Nullable Body body,
    boolean forgotten) {
  /** A change whose body is there, if it is asked for. */
  public Change(
      long sequence,
      String bucket,
      String id,
      Revision revision,
      @Nullable Revision parent,
      boolean deleted,
      Commit commit,
      @Nullable Body body) {
    this(sequence, bucket, id, revision, parent, deleted, commit, body, false);
  }
}
