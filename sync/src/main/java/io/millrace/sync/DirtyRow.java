package io.millrace.sync;

import io.millrace.api.document.Body;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InternalException;
import io.millrace.api.sync.SyncedChange;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is noted of a document that was changed and not sent yet, or sent without an answer so far.
 *
 * @param body null for a deletion
 * @param handedOut whether exactly this was given to somebody who may have sent it
 * @param sent stands for an earlier change of the document that may have been sent; null for none
 */
@SuppressWarnings("ArrayRecordComponent")
record DirtyRow(@Nullable Body body, boolean handedOut, byte @Nullable [] sent) {
  private static final int DELETED = 1;
  private static final int HANDED_OUT = 2;
  private static final int SENT = 4;
  private static final int DIGEST_BYTES = 32;

  static DirtyRow of(SyncedChange change) {
    return new DirtyRow(change.body(), false, null);
  }

  /** What is noted when {@code change} is made on top of this. */
  DirtyRow then(SyncedChange change) {
    return new DirtyRow(change.body(), false, handedOut ? digest(body) : sent);
  }

  DirtyRow handed() {
    return new DirtyRow(body, true, sent);
  }

  /** The same on top of what the server has by now. */
  DirtyRow afterSent() {
    return new DirtyRow(body, handedOut, null);
  }

  /** Whether this and {@code change} say the same. */
  boolean says(SyncedChange change) {
    Body other = change.body();
    return body == null ? other == null : body.equals(other);
  }

  /** Whether {@code change} is an earlier one that was sent from here. */
  boolean wasSent(SyncedChange change) {
    return sent != null && Arrays.equals(sent, digest(change.body()));
  }

  private static byte[] digest(@Nullable Body body) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update((byte) (body == null ? DELETED : 0));
      return body == null ? sha256.digest() : sha256.digest(body.json());
    } catch (NoSuchAlgorithmException e) {
      throw new InternalException("no-sha-256", "every Java platform must have SHA-256", e);
    }
  }

  byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64 + (body == null ? 0 : body.length()));
    out.write(
        (body == null ? DELETED : 0) | (handedOut ? HANDED_OUT : 0) | (sent == null ? 0 : SENT));
    if (sent != null) {
      out.writeBytes(sent);
    }
    if (body != null) {
      out.writeBytes(body.json());
    }
    return out.toByteArray();
  }

  static DirtyRow decode(byte[] id, byte[] row) {
    int flags = row.length == 0 ? -1 : row[0];
    int bodyAt = (flags & SENT) == 0 ? 1 : 1 + DIGEST_BYTES;
    if (flags < 0 || flags >= 2 * SENT || row.length < bodyAt) {
      throw new CorruptionException(
          "the changes of " + new String(id, StandardCharsets.UTF_8), "a row that is none");
    }
    return new DirtyRow(
        (flags & DELETED) == 0
            ? Body.ofCheckedJson(Arrays.copyOfRange(row, bodyAt, row.length))
            : null,
        (flags & HANDED_OUT) != 0,
        (flags & SENT) == 0 ? null : Arrays.copyOfRange(row, 1, bodyAt));
  }
}
