package io.millrace.api.store;

import io.millrace.api.range.Cursor;

/**
 * A walk over keys and values in key order. {@link #current()} is the value; both arrays belong to
 * the caller.
 *
 * <p>The walk sees the store as it was when the cursor was made, whatever is written meanwhile.
 */
public interface StoreCursor extends Cursor<byte[]> {
  /**
   * The current key.
   *
   * @throws IllegalStateException when not on a row
   */
  byte[] key();

  /** The current value; the same as {@link #current()}. */
  default byte[] value() {
    return current();
  }
}
