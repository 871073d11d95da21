package io.millrace.engine.read;

import io.millrace.api.CommitFilter;
import io.millrace.api.document.Moment;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.LogRecord;
import java.time.Clock;
import java.time.Instant;

/**
 * Finds the sequence that belongs to a moment. The times of commits never go back, since the writer
 * repeats the newest one while the clock shows an earlier one: so halving finds a time, and no
 * index is needed. Safe for use by many threads.
 */
public final class Moments {
  private final RecordReader records;
  private final ObservableSequence since;
  private final Clock clock;

  /**
   * @param since the last sequence that can be read
   */
  public Moments(RecordReader records, ObservableSequence since, Clock clock) {
    this.records = records;
    this.since = since;
    this.clock = clock;
  }

  /** The last sequence that can be read. */
  long last() {
    return since.value();
  }

  /**
   * The last sequence of the last commit that is not later than {@code time}; 0 when all are later.
   */
  public long sequenceAt(Instant time) {
    long known = 0;
    long beyond = since.value() + 1;
    while (beyond - known > 1) {
      long middle = known + (beyond - known) / 2;
      if (timeOf(middle).isAfter(time)) {
        beyond = middle;
      } else {
        known = middle;
      }
    }
    return known;
  }

  private Instant timeOf(long sequence) {
    LogRecord record = records.record(sequence);
    return records.commitOf(sequence, record).time();
  }

  /** As {@link io.millrace.api.Database#resolve}. */
  public long resolve(Moment moment) {
    if (moment instanceof Moment.AtSequence at) {
      requirePast(at.sequence());
      return at.sequence();
    }
    if (moment instanceof Moment.AtTime at) {
      return resolve(at.time());
    }
    if (moment instanceof Moment.AtRevision) {
      throw new InvalidRequestException(
          "invalid-moment", "must be a sequence or a time: a revision is one document's alone");
    }
    return since.value();
  }

  /** The same, for which sequence 0 is a moment, too: before everything. */
  long resolveOrBeginning(Moment moment) {
    return moment instanceof Moment.AtSequence at && at.sequence() == 0 ? 0 : resolve(moment);
  }

  private void requirePast(long sequence) {
    long last = since.value();
    if (sequence < 1 || sequence > last) {
      throw unknown(
          "there is no sequence "
              + sequence
              + "; "
              + (last == 0 ? "nothing was written yet" : "they go from 1 to " + last));
    }
  }

  private long resolve(Instant time) {
    long last = since.value();
    Instant now = clock.instant();
    // The newest commit may be later than a clock that was set back.
    if (time.isAfter(now) && (last == 0 || time.isAfter(timeOf(last)))) {
      throw unknown("the time " + time + " has not come yet; it is " + now + " here");
    }
    long sequence = sequenceAt(time);
    if (sequence == 0) {
      throw unknown("the time " + time + " is before the first commit");
    }
    return sequence;
  }

  /** The refusal of what is looked back at, with what is wrong with it. */
  static NotFoundException unknown(String reason) {
    return new NotFoundException("unknown-target", reason);
  }

  /** {@code range} without what {@code filter} does not let pass because of its time. */
  SequenceRange within(SequenceRange range, CommitFilter filter) {
    SequenceRange narrowed = range.lte(since.value());
    Instant from = filter.from();
    if (from != null) {
      narrowed = narrowed.gt(sequenceAt(from.minusNanos(1)));
    }
    Instant until = filter.until();
    if (until != null) {
      narrowed = narrowed.lte(sequenceAt(until.minusNanos(1)));
    }
    return narrowed;
  }
}
