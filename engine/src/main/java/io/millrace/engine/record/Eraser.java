package io.millrace.engine.record;

import io.millrace.api.document.CommitDigest;
import io.millrace.engine.record.LogRecord.Erased;
import io.millrace.engine.record.LogRecord.StoredChange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Takes the change out of a record and leaves what the digest of its commit needs. For one thread.
 */
public final class Eraser {
  private final CommitChain chain = new CommitChain();

  /**
   * The record without its change: the header, the bucket, and what stands for the change in the
   * digest of its commit; of a purge also what stands for the id.
   *
   * @return {@code record} itself when it holds no change
   */
  public byte[] erase(long sequence, byte[] record) {
    LogRecord read = LogRecord.decode(sequence, record);
    StoredChange change = read.change();
    if (change == null) {
      return record;
    }
    CommitDigest digest =
        CommitDigest.of(chain.changeDigest(RecordLayout.of(sequence, record), record));
    CommitDigest purged = change.purge() ? hashOf(change.bucket(), change.id()) : null;
    Erased left = new Erased(change.bucket(), digest, purged);
    return new LogRecord(read.header(), read.index(), null, left).encode();
  }

  /** What stands for an id that was purged: SHA-256 over the number of the bucket and the id. */
  public static CommitDigest hashOf(int bucket, String id) {
    byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
    byte[] hashed = ByteBuffer.allocate(4 + utf8.length).putInt(bucket).put(utf8).array();
    return CommitDigest.of(CommitChain.sha256().digest(hashed));
  }
}
