package io.millrace.view.index.reduce;

import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.view.Row;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One row: the reduction of all rows asked for. It is made when it is first read. */
final class TotalCursor implements Cursor<Row> {
  private static final byte[] NO_KEY = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NO_POSITION = {};

  private final RangeReader reader;
  private final List<KeyRange> ranges;
  private boolean done;
  private @Nullable Row current;

  /**
   * Reduces {@code ranges}.
   *
   * @param ranges lowest first
   * @param limit with 0 there is no row
   */
  TotalCursor(RangeReader reader, List<KeyRange> ranges, long limit) {
    this.reader = reader;
    this.ranges = ranges;
    this.done = limit == 0;
  }

  @Override
  public boolean advance() {
    current = null;
    if (done) {
      return false;
    }
    done = true;
    Reduction total = reader.begin();
    for (KeyRange range : ranges) {
      byte[] to = range.to() == null ? NodeLayout.BEYOND : range.to();
      if (Arrays.equals(range.from(), NodeLayout.FIRST)) {
        reader.addNodes(range.from(), to, total);
      } else {
        reader.addRange(range.from(), to, total);
      }
    }
    current = reduced(NO_KEY, total, NO_POSITION);
    return true;
  }

  /** A row that stands for no document. */
  static Row reduced(byte[] key, Reduction reduction, byte[] position) {
    return new Row("", false, key, reduction.answer(), position);
  }

  @Override
  public Row current() {
    if (current == null) {
      throw new IllegalStateException("not on a row");
    }
    return current;
  }

  @Override
  public void close() {
    done = true;
    current = null;
  }
}
