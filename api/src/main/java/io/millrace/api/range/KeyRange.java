package io.millrace.api.range;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A range of byte keys in unsigned lexicographic order, and a direction.
 *
 * <p>Arrays are handed over: neither side changes them afterwards.
 *
 * @param from the lowest key, included; an empty array for no bound
 * @param to the first key beyond, excluded; null for no bound
 * @param reverse whether the highest comes first
 */
@SuppressWarnings("ArrayRecordComponent")
public record KeyRange(byte[] from, byte @Nullable [] to, boolean reverse) {
  private static final byte[] LOWEST = {};

  /** Every key, lowest first. */
  public static KeyRange all() {
    return new KeyRange(LOWEST, null, false);
  }

  /** From {@code from}, included, up to {@code to}, excluded. */
  public static KeyRange between(byte[] from, byte @Nullable [] to) {
    return new KeyRange(from, to, false);
  }

  /** The keys that begin with {@code prefix}. */
  public static KeyRange prefix(byte[] prefix) {
    return new KeyRange(prefix, successorOfPrefix(prefix), false);
  }

  /** The same range in the other or the same direction. */
  public KeyRange reversed(boolean highestFirst) {
    return new KeyRange(from, to, highestFirst);
  }

  /** Whether {@code key} lies between the bounds. */
  public boolean contains(byte[] key) {
    return Arrays.compareUnsigned(from, key) <= 0
        && (to == null || Arrays.compareUnsigned(key, to) < 0);
  }

  /** Whether no key can be in this range. */
  public boolean isEmpty() {
    return to != null && Arrays.compareUnsigned(from, to) >= 0;
  }

  /**
   * The lowest key above every key that begins with {@code prefix}; null when there is none (the
   * prefix is empty or all 0xff).
   */
  public static byte @Nullable [] successorOfPrefix(byte[] prefix) {
    int length = prefix.length;
    while (length > 0 && prefix[length - 1] == (byte) 0xff) {
      length--;
    }
    if (length == 0) {
      return null;
    }
    byte[] successor = Arrays.copyOf(prefix, length);
    successor[length - 1]++;
    return successor;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeyRange range
        && reverse == range.reverse
        && Arrays.equals(from, range.from)
        && Arrays.equals(to, range.to);
  }

  @Override
  public int hashCode() {
    return (Arrays.hashCode(from) * 31 + Arrays.hashCode(to)) * 31 + Boolean.hashCode(reverse);
  }
}
