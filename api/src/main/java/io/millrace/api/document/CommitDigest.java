package io.millrace.api.document;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * What stands for a commit and, since each is computed over the one before, for everything that a
 * database did until then: SHA-256 (FIPS 180-4), 32 bytes. Who has noted one can tell later whether
 * anything before it was altered. Immutable.
 */
public final class CommitDigest {
  /** How many bytes a digest has. */
  public static final int BYTES = 32;

  /** What the first commit of a database follows. */
  public static final CommitDigest NONE = new CommitDigest(new byte[BYTES]);

  private final byte[] bytes;

  private CommitDigest(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The digest with these bytes.
   *
   * @throws IllegalArgumentException when there are not 32 of them
   */
  public static CommitDigest of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + bytes.length);
    }
    return new CommitDigest(bytes.clone());
  }

  /**
   * The digest that {@code hex} names.
   *
   * @throws IllegalArgumentException when that is not 64 hexadecimal digits
   */
  public static CommitDigest parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CommitDigest digest && Arrays.equals(bytes, digest.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** 64 hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
