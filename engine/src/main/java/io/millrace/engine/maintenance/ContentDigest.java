package io.millrace.engine.maintenance;

import io.millrace.api.error.InternalException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 (FIPS 180-4) over a sequence of byte strings, each with its length in 8 bytes before it.
 * For one thread.
 */
final class ContentDigest {
  private final MessageDigest sha256;
  private final ByteBuffer length = ByteBuffer.allocate(Long.BYTES);

  ContentDigest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new InternalException("no-sha-256", "every Java platform must have SHA-256", e);
    }
  }

  /** Adds a byte string. */
  ContentDigest add(byte[] bytes) {
    sha256.update(length.putLong(0, bytes.length).array());
    sha256.update(bytes);
    return this;
  }

  /** The digest of all that was added, in hex; to be asked for once. */
  String hex() {
    return HexFormat.of().formatHex(sha256.digest());
  }
}
