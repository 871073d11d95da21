package io.millrace.engine.replication;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.Revision;
import java.util.List;

/**
 * A record in the log of a {@link ModelDatabase}.
 *
 * @param path the revision, then its ancestors as far as they came with it
 * @param attribution with the origin, also of what was written here
 * @param timeMillis when it was written here
 * @param first the sequence of the first record of its commit
 * @param last the sequence of the last one
 * @param digest of the commit
 */
record ModelRecord(
    long sequence,
    DocumentKey key,
    List<Revision> path,
    boolean deleted,
    Body body,
    Attribution attribution,
    long timeMillis,
    long first,
    long last,
    CommitDigest digest) {
  Revision revision() {
    return path.get(0);
  }
}
