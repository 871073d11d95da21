package io.millrace.api.log;

import io.millrace.api.range.Cursor;
import java.nio.ByteBuffer;

/**
 * A walk over the records of a log.
 *
 * <p>{@link #current()} is a view that is valid until the next {@link #advance()} or {@link
 * #close()}; copy what must last. Its position and limit span exactly the record, and may be moved
 * by the caller.
 */
public interface LogCursor extends Cursor<ByteBuffer> {
  /**
   * The sequence of the current record.
   *
   * @throws IllegalStateException when not on a record
   */
  long sequence();
}
