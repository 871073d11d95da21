package io.millrace.engine.record;

import io.millrace.api.document.Body;
import io.millrace.api.document.CommitDigest;
import io.millrace.engine.record.LogRecord.Erased;
import io.millrace.engine.record.LogRecord.StoredChange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the change, or its body, out of a record and leaves what the digest of its commit needs.
 * For one thread.
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
        change.forgotten() == null ? digestOf(sequence, record) : change.forgotten().digest();
    CommitDigest purged = change.purge() ? hashOf(change.bucket(), change.id()) : null;
    Erased left = new Erased(change.bucket(), digest, purged);
    return new LogRecord(read.header(), read.index(), null, left).encode();
  }

  private CommitDigest digestOf(long sequence, byte[] record) {
    return CommitDigest.of(chain.changeDigest(RecordLayout.of(sequence, record), record));
  }

  /**
   * The record without the body of its change: everything else, how long the body was, and what
   * stands for the change in the digest of its commit.
   *
   * @return {@code record} itself when it holds no body that could be forgotten: no change, one
   *     that is forgotten or erased already, a purge, or a tombstone with nothing in it
   */
  public byte[] forget(long sequence, byte[] record) {
    LogRecord read = LogRecord.decode(sequence, record);
    @Nullable StoredChange change = read.change();
    if (change == null
        || change.purge()
        || change.forgotten() != null
        || Arrays.equals(change.body(), Body.EMPTY.json())) {
      return record;
    }
    StoredChange left = change.forget(digestOf(sequence, record));
    return new LogRecord(read.header(), read.index(), left).encode();
  }

  /** What stands for an id that was purged: SHA-256 over the number of the bucket and the id. */
  public static CommitDigest hashOf(int bucket, String id) {
    byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
    byte[] hashed = ByteBuffer.allocate(4 + utf8.length).putInt(bucket).put(utf8).array();
    return CommitDigest.of(CommitChain.sha256().digest(hashed));
  }
}
