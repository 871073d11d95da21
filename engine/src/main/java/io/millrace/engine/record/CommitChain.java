package io.millrace.engine.record;

import io.millrace.api.document.CommitDigest;
import io.millrace.api.error.InternalException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Computes the digests that link commits: each commit's header names the digest of the commit
 * before, so that none of them can be altered without all that follow.
 *
 * <p>The digest of a commit is SHA-256 over its header as it is in its first record, then SHA-256
 * over what stands for its changes, one after the other. What stands for a change is SHA-256 over
 * one byte (1 when it left a tombstone) and the change as it is in its record; so it can outlive
 * the change ({@link LogRecord.Erased}) and its body ({@link LogRecord.Forgotten}).
 *
 * <p>For one thread.
 */
public final class CommitChain {
  private static final int DELETED = 1;

  private final MessageDigest commit = sha256();
  private final MessageDigest changes = sha256();
  private final MessageDigest change = sha256();

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new InternalException("no-sha-256", "every Java platform must have SHA-256", e);
    }
  }

  /** Adds the next record of a commit, the one at {@code sequence}; the first one first. */
  public void add(long sequence, byte[] record) {
    RecordLayout layout = RecordLayout.of(sequence, record);
    commit.update(record, layout.headerAt(), layout.headerBytes());
    addChange(layout, record);
  }

  private void addChange(RecordLayout layout, byte[] record) {
    if (layout.hasChange() && !layout.isForgotten()) {
      changes.update(changeDigest(layout, record));
    } else if (layout.hasChange() || layout.isErased()) {
      changes.update(record, record.length - CommitDigest.BYTES, CommitDigest.BYTES);
    }
  }

  /** The digest of the commit whose records were added since the last call. */
  public CommitDigest end() {
    commit.update(changes.digest());
    return CommitDigest.of(commit.digest());
  }

  /** What the changes added since the last call, without any header, have in common. */
  public byte[] endOfChanges() {
    return changes.digest();
  }

  /**
   * The digest of a commit.
   *
   * @param first its first record
   * @param changes what {@link #endOfChanges} gave for its changes
   */
  public CommitDigest of(byte[] first, byte[] changes) {
    RecordLayout layout = RecordLayout.of(0, first);
    commit.update(first, layout.headerAt(), layout.headerBytes());
    commit.update(changes);
    return CommitDigest.of(commit.digest());
  }

  /** What stands for the change in {@code record}, which is there with its body. */
  byte[] changeDigest(RecordLayout layout, byte[] record) {
    change.update((byte) (layout.isDeleted() ? DELETED : 0));
    change.update(record, layout.changeAt(), record.length - layout.changeAt());
    return change.digest();
  }
}
