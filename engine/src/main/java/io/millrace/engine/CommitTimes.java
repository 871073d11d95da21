package io.millrace.engine;

import io.millrace.api.log.ObservableSequence;
import io.millrace.engine.log.RecordReader;
import java.time.Instant;

/** Finds the sequence that belongs to a time: commit times never go back, so halving finds it. */
final class CommitTimes {
  private final RecordReader records;
  private final ObservableSequence since;

  CommitTimes(RecordReader records, ObservableSequence since) {
    this.records = records;
    this.since = since;
  }

  /**
   * The last sequence of the last commit that is not later than {@code time}; 0 when all are later.
   */
  long sequenceAt(Instant time) {
    long known = 0;
    long beyond = since.value() + 1;
    while (beyond - known > 1) {
      long middle = known + (beyond - known) / 2;
      if (records.commitOf(middle, records.record(middle)).time().isAfter(time)) {
        beyond = middle;
      } else {
        known = middle;
      }
    }
    return known;
  }
}
