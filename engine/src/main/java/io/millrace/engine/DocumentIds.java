package io.millrace.engine;

import io.millrace.api.error.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * What buckets and documents may be called, and new names for documents. Safe for use by many
 * threads.
 */
final class DocumentIds {
  private static final int MAX_BUCKET_LENGTH = 238;
  private static final int MAX_BYTES = 512;
  private static final int VERSION_7 = 0x7000;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final Clock clock;
  private final RandomGenerator random;

  /** The milliseconds of the newest id, then a counter of 12 bits that runs over into them. */
  private final AtomicLong newest = new AtomicLong();

  DocumentIds(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * A UUID of version 7 as of RFC 9562, section 6.2, method 1: each is greater than the one before.
   */
  String next() {
    long now = clock.millis() << 12;
    long stamp = newest.updateAndGet(last -> Math.max(last + 1, now));
    long high = (stamp & ~0xfffL) << 4 | VERSION_7 | (stamp & 0xfff);
    long low = VARIANT | random.nextLong() >>> 2;
    return new UUID(high, low).toString();
  }

  /**
   * Checks a document's id.
   *
   * @throws InvalidRequestException with the reason
   */
  static void check(String id) {
    if (id.isEmpty()) {
      throw invalid("a document id must not be empty");
    }
    if (id.charAt(0) == '_') {
      throw invalid("document ids that begin with _ belong to the database");
    }
    boolean ascii = true;
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (Character.isISOControl(c)) {
        throw invalid("a document id must not hold control characters");
      }
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < id.length()
                && Character.isLowSurrogate(id.charAt(i + 1));
        if (!paired) {
          throw invalid("a document id must be well-formed Unicode");
        }
        i++;
      }
      ascii &= c < 0x80;
    }
    int bytes = ascii ? id.length() : id.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw invalid("a document id may have " + MAX_BYTES + " bytes of UTF-8, not " + bytes);
    }
  }

  /**
   * Checks a bucket's name.
   *
   * @throws InvalidRequestException with the reason
   */
  static void checkBucket(String name) {
    if (!isBucketName(name)) {
      throw new InvalidRequestException(
          "invalid-bucket-name",
          "a bucket's name begins with a lower-case letter, followed by at most 237 of a-z 0-9 _ $"
              + " ( ) + -");
    }
  }

  /**
   * {@code [a-z][a-z0-9_$()+-]{0,237}}, without the cost of a pattern: this is on the way of every
   * read.
   */
  private static boolean isBucketName(String name) {
    int length = name.length();
    if (length == 0 || length > MAX_BUCKET_LENGTH || name.charAt(0) < 'a' || name.charAt(0) > 'z') {
      return false;
    }
    for (int i = 1; i < length; i++) {
      char c = name.charAt(i);
      boolean usual = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
      if (!usual && "_$()+-".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static InvalidRequestException invalid(String reason) {
    return new InvalidRequestException("invalid-document-id", reason);
  }
}
