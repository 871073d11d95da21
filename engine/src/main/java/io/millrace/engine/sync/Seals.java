package io.millrace.engine.sync;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InternalException;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.record.CommitHeader;
import io.millrace.engine.record.LogRecord;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Says in a few digits what sequences stand for: 8 bytes of SHA-256 over the incarnation of the
 * log, the number of the bucket's life, the sequences, and, of the commit that the first of them is
 * in, its place, its time and the digest of all that came before. So a cid of another log, of
 * another life of the bucket, or of records that were lost and written anew, is recognised. What
 * erasing leaves of a record is all that is needed.
 */
final class Seals {
  private static final int SEAL_BYTES = 8;

  private final EngineLog log;

  Seals(EngineLog log) {
    this.log = log;
  }

  /**
   * The cid of a client that has seen everything of {@code bucket} up to {@code sequence}.
   *
   * @param sequence of a record that is durable, or below the creation of the bucket
   */
  Cid cid(BucketState bucket, long sequence, long begun) {
    long since = Math.max(sequence, begun);
    return new Cid(sequence, since, seal(bucket, sequence, since));
  }

  /** Whether {@code cid}, whose sequence the bucket has reached, stands for what is here. */
  boolean fits(BucketState bucket, Cid cid) {
    return cid.seal().equals(seal(bucket, cid.sequence(), cid.begun()));
  }

  private String seal(BucketState bucket, long sequence, long begun) {
    UUID incarnation = log.incarnation().id();
    MessageDigest sha256 = sha256();
    sha256.update(
        ByteBuffer.allocate(4 * Long.BYTES + Integer.BYTES)
            .putLong(incarnation.getMostSignificantBits())
            .putLong(incarnation.getLeastSignificantBits())
            .putInt(bucket.number())
            .putLong(sequence)
            .putLong(begun)
            .flip());
    if (sequence >= bucket.createdSequence()) {
      LogRecord record = log.record(sequence);
      long first = sequence - record.index();
      CommitHeader header = record.header() == null ? log.record(first).header() : record.header();
      if (header == null) {
        throw new CorruptionException(
            "log record " + first, "the first record of a commit was expected");
      }
      sha256.update(
          ByteBuffer.allocate(2 * Long.BYTES).putLong(first).putLong(header.timeMillis()).flip());
      sha256.update(header.previous().bytes());
    }
    long seal = ByteBuffer.wrap(sha256.digest(), 0, SEAL_BYTES).getLong();
    return HexFormat.of().toHexDigits(seal);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new InternalException("no-sha-256", "every Java platform must have SHA-256", e);
    }
  }
}
