package io.millrace.engine.revision;

import io.millrace.api.document.Revision;
import io.millrace.api.error.InternalException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Computes the name of the revision that an edit makes: the first 16 bytes of SHA-256 (FIPS 180-4)
 * over the parent, the deleted flag and the body.
 *
 * <p>The bytes that are digested: one byte of flags (1 = deleted, 2 = there is a parent), with a
 * parent its generation in 4 bytes, big-endian, and its digest in 16, then the body. Not safe for
 * use by several threads.
 */
public final class RevisionDigest {
  private static final int DELETED = 1;
  private static final int HAS_PARENT = 2;

  private final MessageDigest sha256;
  private final ByteBuffer prefix = ByteBuffer.allocate(1 + 4 + Revision.DIGEST_BYTES);

  public RevisionDigest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new InternalException("no-sha-256", "every Java platform must have SHA-256", e);
    }
  }

  /** The revision that this edit of {@code parent} makes. */
  public Revision next(@Nullable Revision parent, boolean deleted, byte[] body) {
    prefix.clear();
    prefix.put((byte) ((deleted ? DELETED : 0) | (parent == null ? 0 : HAS_PARENT)));
    if (parent != null) {
      prefix.putInt(parent.generation()).putLong(parent.digestHigh()).putLong(parent.digestLow());
    }
    sha256.update(prefix.array(), 0, prefix.position());
    ByteBuffer digest = ByteBuffer.wrap(sha256.digest(body));
    int generation = parent == null ? 1 : Math.addExact(parent.generation(), 1);
    return new Revision(generation, digest.getLong(), digest.getLong());
  }
}
