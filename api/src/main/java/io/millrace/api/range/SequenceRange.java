package io.millrace.api.range;

import io.millrace.api.error.InvalidRequestException;

/**
 * A range of sequences, a direction and a limit.
 *
 * <p>Bounds are kept inclusive; {@code first > last} is an empty range. A bound outside of what
 * exists is no error: the range is intersected with what is there.
 *
 * @param first the lowest sequence, at least 1
 * @param last the highest sequence; {@link Long#MAX_VALUE} for no bound
 * @param reverse whether the highest comes first
 * @param limit the most values delivered; {@link Long#MAX_VALUE} for no limit; 0 delivers none
 */
public record SequenceRange(long first, long last, boolean reverse, long limit) {
  private static final SequenceRange ALL =
      new SequenceRange(1, Long.MAX_VALUE, false, Long.MAX_VALUE);

  public SequenceRange {
    first = Math.max(1, first);
    last = Math.max(0, last);
    if (limit < 0) {
      throw new InvalidRequestException("invalid-range", "limit must be 0 or more, not " + limit);
    }
  }

  /** Every sequence, lowest first. */
  public static SequenceRange all() {
    return ALL;
  }

  /** Those above {@code sequence}. */
  public static SequenceRange after(long sequence) {
    return ALL.gt(sequence);
  }

  /** From {@code first} to {@code last}, both included. */
  public static SequenceRange between(long first, long last) {
    return ALL.gte(first).lte(last);
  }

  /** Narrowed to those above {@code sequence}. */
  public SequenceRange gt(long sequence) {
    return sequence == Long.MAX_VALUE ? gte(Long.MAX_VALUE).lte(0) : gte(sequence + 1);
  }

  /** Narrowed to {@code sequence} and those above. */
  public SequenceRange gte(long sequence) {
    return new SequenceRange(Math.max(first, sequence), last, reverse, limit);
  }

  /** Narrowed to those below {@code sequence}. */
  public SequenceRange lt(long sequence) {
    return sequence == Long.MIN_VALUE ? lte(0) : lte(sequence - 1);
  }

  /** Narrowed to {@code sequence} and those below. */
  public SequenceRange lte(long sequence) {
    return new SequenceRange(first, Math.min(last, sequence), reverse, limit);
  }

  /** The same range in the other or the same direction. */
  public SequenceRange reversed(boolean highestFirst) {
    return new SequenceRange(first, last, highestFirst, limit);
  }

  /** The same range, at most {@code most} values of it. */
  public SequenceRange limited(long most) {
    return new SequenceRange(first, last, reverse, most);
  }

  /** Whether no sequence can be in this range. */
  public boolean isEmpty() {
    return first > last || limit == 0;
  }

  /** Whether {@code sequence} lies between the bounds. */
  public boolean contains(long sequence) {
    return first <= sequence && sequence <= last;
  }
}
