package io.millrace.engine.read;

import io.millrace.engine.index.Buckets.Span;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.SequenceCursor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where something happened to a bucket, one time of its existence after the other: it was made or
 * brought back, a document changed, it was dropped. For one thread.
 */
final class BucketCommits implements CommitCursor.Source {
  /** Up to so many rows, passing over them is cheaper than to look for the place. */
  private static final int MOST_STEPS = 64;

  private final DocumentIndex index;
  private final List<Span> spans;
  private final long last;
  private final boolean reverse;
  private int next;
  private @Nullable SequenceCursor rows;

  /**
   * @param last where reading ends
   */
  BucketCommits(DocumentIndex index, String bucket, long last, boolean reverse) {
    this.index = index;
    this.last = last;
    this.reverse = reverse;
    this.spans = new ArrayList<>(index.buckets().spans(bucket));
    if (reverse) {
      Collections.reverse(spans);
    }
  }

  @Override
  public long seek(long at) {
    for (; next < spans.size(); next++) {
      Span span = spans.get(next);
      long found = reverse ? below(span, at) : above(span, at);
      if (found != 0) {
        return found > last ? 0 : found;
      }
      close();
    }
    return 0;
  }

  private long above(Span span, long at) {
    if (at <= span.first()) {
      return span.first();
    }
    long changed = row(span, at);
    long end = end(span);
    return changed == 0 && end >= at ? end : changed;
  }

  private long below(Span span, long at) {
    long end = end(span);
    if (end != 0 && at >= end) {
      return end;
    }
    long changed = at < span.first() ? 0 : row(span, at);
    return changed == 0 && at >= span.first() ? span.first() : changed;
  }

  /** The sequence of the commit that ended it; 0 when none did. */
  private static long end(Span span) {
    return span.last() == Long.MAX_VALUE ? 0 : span.last() + 1;
  }

  /** The nearest change; 0 when there is none. */
  private long row(Span span, long at) {
    for (int steps = 0; rows != null && steps < MOST_STEPS; steps++) {
      if (!rows.advance()) {
        return 0;
      }
      long sequence = rows.sequence();
      if (reverse ? sequence <= at : sequence >= at) {
        return sequence;
      }
    }
    close();
    if (!reverse && at > Math.min(last, span.last())) {
      return 0;
    }
    rows =
        reverse
            ? index.changes(span.bucket().number(), span.first(), Math.min(at, span.last()), true)
            : index.changes(span.bucket().number(), at, Math.min(last, span.last()), false);
    return rows.advance() ? rows.sequence() : 0;
  }

  @Override
  public void close() {
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }
}
