package io.millrace.engine.write;

import io.millrace.api.document.CommitDigest;
import io.millrace.engine.index.IndexUpdate;
import io.millrace.engine.record.CommitHeader;
import java.util.List;

/**
 * A commit that was planned beside the writer, while it held the buckets concerned, and that may
 * have more changes than memory should hold. For the writer's thread; after an answer the owner
 * releases it.
 */
public interface LargeCommit {
  /** What the first record says of the whole. */
  CommitHeader header(long timeMillis, CommitDigest previous);

  /**
   * The records, with {@code header} in the first: a list that makes each when it is asked for, and
   * does so fastest in order.
   */
  List<byte[]> records(CommitHeader header);

  /** The digest of the commit with this header. */
  CommitDigest digest(CommitHeader header);

  /**
   * Adds to {@code update} what the commit does when its first record has this sequence. Called
   * while the log reads the records on a thread of its own, and again when the store failed.
   */
  void index(IndexUpdate update, long first);
}
