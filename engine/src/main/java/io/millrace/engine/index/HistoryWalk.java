package io.millrace.engine.index;

import io.millrace.api.store.StoreCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A walk over the history of one life of a bucket, document by document in the byte order of ids,
 * that picks the newest row at or below each of two sequences. Documents with neither are passed
 * over. Belongs to one thread; must be closed.
 */
@SuppressWarnings("ArrayRecordComponent")
final class HistoryWalk implements AutoCloseable {
  private static final byte[] NOTHING = {};

  private final StoreCursor rows;
  private final long lower;
  private final long upper;
  private final boolean reverse;
  private boolean pending;
  private byte[] id = NOTHING;
  private byte @Nullable [] atLower;
  private byte @Nullable [] atUpper;
  private long lowerSequence;
  private long upperSequence;

  /**
   * @param lower a sequence; -1 when none but {@code upper} matters
   */
  HistoryWalk(StoreCursor rows, long lower, long upper, boolean reverse) {
    this.rows = rows;
    this.lower = lower;
    this.upper = upper;
    this.reverse = reverse;
    this.pending = rows.advance();
  }

  boolean advance() {
    while (pending) {
      byte[] first = rows.key();
      atLower = null;
      atUpper = null;
      byte[] key = first;
      do {
        take(Keys.sequenceAtEnd(key));
        pending = rows.advance();
        key = pending ? rows.key() : NOTHING;
      } while (pending && sameDocument(first, key));
      if (atUpper != null) {
        id = Keys.historyId(first);
        return true;
      }
    }
    return false;
  }

  /** Forward, later rows replace earlier ones; backward, the first that fits is the newest. */
  private void take(long sequence) {
    if (sequence <= upper && (!reverse || atUpper == null)) {
      atUpper = rows.value();
      upperSequence = sequence;
    }
    if (sequence <= lower && (!reverse || atLower == null)) {
      atLower = rows.value();
      lowerSequence = sequence;
    }
  }

  private static boolean sameDocument(byte[] key, byte[] other) {
    return key.length == other.length
        && Arrays.equals(key, 0, key.length - 8, other, 0, other.length - 8);
  }

  /** The document here; not a copy. */
  byte[] id() {
    return id;
  }

  /** The document at the lower sequence; null when there was none. */
  @Nullable PastState lower() {
    return atLower == null ? null : new PastState(lowerSequence, HistoryRow.decode(atLower));
  }

  /** The document at the upper sequence. */
  PastState upper() {
    if (atUpper == null) {
      throw new IllegalStateException("not on a document");
    }
    return new PastState(upperSequence, HistoryRow.decode(atUpper));
  }

  @Override
  public void close() {
    rows.close();
  }
}
