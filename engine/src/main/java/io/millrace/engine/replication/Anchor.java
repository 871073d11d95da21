package io.millrace.engine.replication;

import io.millrace.api.document.CommitDigest;

/**
 * A place in the history of a database that can be recognised: the last record of a commit, and the
 * commit's digest. A log that was cut and has grown again, or was exchanged, has another digest
 * there.
 *
 * @param sequence of the commit's last record; 0 for the place before the first commit
 * @param digest of the commit
 */
public record Anchor(long sequence, CommitDigest digest) {
  /** Before everything, in any history. */
  public static final Anchor START = new Anchor(0, CommitDigest.NONE);
}
