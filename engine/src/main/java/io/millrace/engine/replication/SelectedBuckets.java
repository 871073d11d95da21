package io.millrace.engine.replication;

import io.millrace.api.error.CorruptionException;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.Buckets;
import java.util.HashMap;
import java.util.Map;

/** Which of the buckets here a selection includes; remembers the answers. For one thread. */
final class SelectedBuckets {
  private final Buckets buckets;
  private final Selection selection;
  private final Map<Integer, Boolean> included = new HashMap<>();

  SelectedBuckets(Buckets buckets, Selection selection) {
    this.buckets = buckets;
    this.selection = selection;
  }

  /** Whether the bucket with this number exists and is selected. */
  boolean includes(int number) {
    return state(number).droppedSequence() == 0
        && included.computeIfAbsent(number, any -> selection.includes(state(number).name()));
  }

  /** The name of the bucket with this number. */
  String name(int number) {
    return state(number).name();
  }

  private BucketState state(int number) {
    BucketState state = buckets.numbered(number);
    if (state == null) {
      throw new CorruptionException("the log", "bucket " + number + " was never made");
    }
    return state;
  }
}
