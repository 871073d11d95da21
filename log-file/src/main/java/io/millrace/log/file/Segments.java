package io.millrace.log.file;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All segments in order. Safe for use by many threads. */
final class Segments implements Closeable {
  private volatile Segment[] segments;

  Segments(List<Segment> segments) {
    this.segments = segments.toArray(new Segment[0]);
  }

  synchronized void add(Segment segment) {
    Segment[] before = segments;
    Segment[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = segment;
    segments = after;
  }

  /** Puts {@code after} in the place of {@code before}, which has the same sequences. */
  synchronized void replace(Segment before, Segment after) {
    Segment[] changed = segments.clone();
    changed[Arrays.asList(changed).indexOf(before)] = after;
    segments = changed;
  }

  /** All of them. */
  List<Segment> all() {
    return List.of(segments);
  }

  Segment last() {
    Segment[] now = segments;
    return now[now.length - 1];
  }

  /** The segment that holds {@code sequence}, which is 1 or more. */
  Segment containing(long sequence) {
    Segment[] now = segments;
    int low = 0;
    int high = now.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (now[middle].firstSequence() <= sequence) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return now[low];
  }

  /** Those that hold the records up to {@code sequence}; the first one when that is 0. */
  List<Segment> until(long sequence) {
    Segment last = containing(Math.max(1, sequence));
    List<Segment> all = Arrays.asList(segments);
    return all.subList(0, all.indexOf(last) + 1);
  }

  @Override
  public void close() throws IOException {
    closeAll(Arrays.asList(segments));
  }

  /** Closes all of them, whatever happens to one. */
  static void closeAll(List<Segment> segments) throws IOException {
    IOException failure = null;
    for (Segment segment : segments) {
      failure = close(segment, failure);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable IOException close(Segment segment, @Nullable IOException before) {
    try {
      segment.close();
    } catch (IOException e) {
      if (before == null) {
        return e;
      }
      before.addSuppressed(e);
    }
    return before;
  }
}
