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
 * @param body the new body; null unless asked for
 */
public record Change(
    long sequence,
    String bucket,
    String id,
    Revision revision,
    @Nullable Revision parent,
    boolean deleted,
    Commit commit,
    @Nullable Body body) {}
