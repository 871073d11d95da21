package io.millrace.engine.view;

import io.millrace.engine.index.BucketState;
import io.millrace.spi.Meters;

/** What is measured of views. */
final class ViewMeters {
  private final Meters.Distribution lag;
  private final Meters.Counter queries;

  ViewMeters(Meters meters) {
    lag =
        meters.distribution(
            "view.lag", "changes", "sequences that a view was behind its bucket after a step");
    queries = meters.counter("view.queries", "reads of views");
  }

  void lag(BucketState bucket, long reached) {
    lag.record(Math.max(0, bucket.lastSequence() - reached));
  }

  void query() {
    queries.add(1);
  }
}
