package io.millrace.api.document;

import java.util.List;

/**
 * One state of a document.
 *
 * @param bucket the name of its bucket
 * @param id unique within the bucket
 * @param revision the name of this state
 * @param sequence the sequence of the change that made this state
 * @param deleted whether this state is a tombstone
 * @param body the client's own members; empty for a tombstone
 * @param conflicts the other leaves that are not deleted, greatest first; empty unless asked for
 */
public record Document(
    String bucket,
    String id,
    Revision revision,
    long sequence,
    boolean deleted,
    Body body,
    List<Revision> conflicts) {}
