package io.millrace.api.document;

import io.millrace.api.error.InvalidRequestException;
import java.util.HexFormat;

/**
 * The name of one state of a document: the number of edits that led to it, and a digest of them.
 *
 * <p>Ordered by generation, then by digest in unsigned byte order. The text form is {@code
 * generation-digest}, the digest in 32 lower-case hexadecimal digits. The same edit of the same
 * parent is the same revision wherever it is made.
 *
 * @param generation counts edits from 1
 * @param digestHigh the first 8 bytes of the digest, big-endian
 * @param digestLow the last 8 bytes of the digest, big-endian
 */
public record Revision(int generation, long digestHigh, long digestLow)
    implements Comparable<Revision> {
  /** The length of a digest in bytes. */
  public static final int DIGEST_BYTES = 16;

  private static final HexFormat HEX = HexFormat.of();

  public Revision {
    if (generation < 1) {
      throw new IllegalArgumentException("generation " + generation + " is below 1");
    }
  }

  /**
   * Reads the text form.
   *
   * @throws InvalidRequestException when {@code text} is no revision
   */
  public static Revision parse(String text) {
    int hyphen = text.indexOf('-');
    try {
      if (hyphen > 0 && text.length() == hyphen + 1 + 2 * DIGEST_BYTES && text.charAt(0) != '+') {
        int generation = Integer.parseInt(text, 0, hyphen, 10);
        if (generation > 0) {
          return new Revision(
              generation,
              HexFormat.fromHexDigitsToLong(text, hyphen + 1, hyphen + 17),
              HexFormat.fromHexDigitsToLong(text, hyphen + 17, hyphen + 33));
        }
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message for every malformed text.
    }
    throw new InvalidRequestException(
        "invalid-revision", "not a revision such as 1-9c1185a5c5e9fc54612808977ee8f548: " + text);
  }

  @Override
  public int compareTo(Revision other) {
    int order = Integer.compare(generation, other.generation);
    if (order == 0) {
      order = Long.compareUnsigned(digestHigh, other.digestHigh);
    }
    return order == 0 ? Long.compareUnsigned(digestLow, other.digestLow) : order;
  }

  @Override
  public String toString() {
    return generation + "-" + HEX.toHexDigits(digestHigh) + HEX.toHexDigits(digestLow);
  }
}
