package io.millrace.engine.forget;

import io.millrace.api.Retention;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.SupersededChanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Finds the changes whose bodies the buckets need not keep. For one thread; anyone may ask. */
final class Selection implements Compactions.Work {
  private final DocumentIndex index;
  private final Retentions retentions;
  private final RetentionNotes notes;
  private final LongConsumer read;
  private volatile long passed;

  /**
   * @param read is told how many bytes were read, and may wait
   */
  Selection(DocumentIndex index, Retentions retentions, RetentionNotes notes, LongConsumer read) {
    this.index = index;
    this.retentions = retentions;
    this.notes = notes;
    this.read = read;
  }

  /**
   * A bucket of which bodies may be to be forgotten.
   *
   * @param before by what the log was gone through already
   */
  record Due(BucketState bucket, Rule rule, Rule before) {}

  /**
   * The buckets of which something may be to be forgotten, dropped ones included.
   *
   * @param reached how far a bucket may be looked at
   * @param sequenceBefore the last sequence that is as old as an age
   */
  List<Due> due(ToLongFunction<BucketState> reached, ToLongFunction<Duration> sequenceBefore) {
    List<Due> due = new ArrayList<>();
    for (BucketState bucket : index.buckets().all()) {
      @Nullable Retention retention = retentions.of(bucket);
      if (retention == null) {
        continue;
      }
      long old = retention.age() == null ? 0 : sequenceBefore.applyAsLong(retention.age());
      Rule rule = Rule.of(retention, reached.applyAsLong(bucket), old);
      Rule before = notes.appliedTo(bucket.number());
      if (!rule.addsNothingTo(before, bucket.lastSequence())) {
        due.add(new Due(bucket, rule, before));
      }
    }
    return due;
  }

  /**
   * The changes from {@code first} on, as many as {@code size}, that are to be forgotten; each as
   * its distance from {@code first}.
   */
  BitSet choose(List<Due> due, long first, int size) {
    BitSet chosen = new BitSet();
    for (Due one : due) {
      Rule rule = one.rule();
      try (SupersededChanges changes =
          new SupersededChanges(
              index, one.bucket().number(), rule.horizon(), one.before().horizon(), read)) {
        while (changes.advance()) {
          long at = changes.sequence() - first;
          boolean forgotten =
              rule.forgets(changes.superseded(), changes.newer())
                  && !one.before().forgets(changes.superseded(), changes.newerThen());
          if (forgotten && at >= 0 && at < size) {
            chosen.set((int) at);
          }
          passed++;
        }
      }
    }
    return chosen;
  }

  @Override
  public long passed() {
    return passed;
  }

  @Override
  public long total() {
    return 0;
  }
}
