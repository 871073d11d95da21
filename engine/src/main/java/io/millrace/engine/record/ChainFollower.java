package io.millrace.engine.record;

import io.millrace.api.document.CommitDigest;
import org.jspecify.annotations.Nullable;

/**
 * Follows the records of a log and tells where a commit does not name the digest of the one before
 * it, because one of the two was altered. For one thread.
 */
public final class ChainFollower {
  private final CommitChain chain = new CommitChain();

  /** Of the last complete commit; null when that is not known. */
  private @Nullable CommitDigest last;

  /** How many records of the present commit are still to come; -1 when its beginning is unknown. */
  private long missing;

  private long commits;

  /**
   * @param before the digest of what comes before the first record; null when that is not known
   */
  public ChainFollower(@Nullable CommitDigest before) {
    this.last = before;
  }

  /** Takes notice that records are missing here. */
  public void gap() {
    chain.end();
    last = null;
    missing = -1;
  }

  /**
   * Follows the next record.
   *
   * @return what is wrong; null when nothing is
   */
  public @Nullable String accept(long sequence, LogRecord record, byte[] bytes) {
    CommitHeader header = record.header();
    String wrong = null;
    if (header != null) {
      if (missing != 0) {
        gap();
      }
      if (last != null && !last.equals(header.previous())) {
        wrong =
            "it follows a commit with the digest "
                + header.previous()
                + ", and the commit before it has "
                + last
                + ": one of the two was altered";
      }
      missing = header.records();
      commits++;
    } else if (missing <= 0) {
      gap();
      return null;
    }
    chain.add(sequence, bytes);
    missing--;
    if (missing == 0) {
      last = chain.end();
    }
    return wrong;
  }

  /** The digest of the last commit; null when a part of it is missing. */
  public @Nullable CommitDigest last() {
    return missing == 0 ? last : null;
  }

  /** How many commits began. */
  public long commits() {
    return commits;
  }
}
