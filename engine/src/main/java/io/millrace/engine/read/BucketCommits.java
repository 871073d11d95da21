package io.millrace.engine.read;

import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.SequenceCursor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where something happened to a bucket, one life after the other: it was made, a document changed,
 * it was dropped. For one thread.
 */
final class BucketCommits implements CommitCursor.Source {
  /** Up to so many rows, passing over them is cheaper than to look for the place. */
  private static final int MOST_STEPS = 64;

  private final DocumentIndex index;
  private final List<BucketState> lives;
  private final long last;
  private final boolean reverse;
  private int life;
  private @Nullable SequenceCursor rows;

  /**
   * @param last where reading ends
   */
  BucketCommits(DocumentIndex index, String bucket, long last, boolean reverse) {
    this.index = index;
    this.last = last;
    this.reverse = reverse;
    this.lives = new ArrayList<>(index.buckets().lives(bucket));
    if (reverse) {
      Collections.reverse(lives);
    }
  }

  @Override
  public long seek(long at) {
    for (; life < lives.size(); life++) {
      BucketState state = lives.get(life);
      long found = reverse ? below(state, at) : above(state, at);
      if (found != 0) {
        return found > last ? 0 : found;
      }
      close();
    }
    return 0;
  }

  private long above(BucketState state, long at) {
    if (at <= state.createdSequence()) {
      return state.createdSequence();
    }
    long changed = row(state, at);
    long dropped = state.droppedSequence();
    return changed == 0 && dropped >= at ? dropped : changed;
  }

  private long below(BucketState state, long at) {
    long dropped = state.droppedSequence();
    if (dropped != 0 && at >= dropped) {
      return dropped;
    }
    long changed = at < state.createdSequence() ? 0 : row(state, at);
    return changed == 0 && at >= state.createdSequence() ? state.createdSequence() : changed;
  }

  /** The nearest change; 0 when there is none. */
  private long row(BucketState state, long at) {
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
    rows =
        reverse
            ? index.changes(state.number(), 1, at, true)
            : index.changes(state.number(), at, last, false);
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
