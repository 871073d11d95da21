package io.millrace.engine.forget;

import io.millrace.api.log.LogRewriting;
import io.millrace.engine.record.Eraser;
import java.util.BitSet;

/**
 * Takes the bodies out of chosen changes, and keeps count of it. For one thread; anyone may ask.
 */
final class BodiesForgotten implements LogRewriting, Compactions.Work {
  private final long first;
  private final BitSet chosen;
  private final Erasure.Progress progress;
  private final Eraser eraser = new Eraser();
  private final long total;
  private long counted;
  private volatile long passed;

  /**
   * @param first the sequence of the first bit of {@code chosen}
   */
  BodiesForgotten(long first, BitSet chosen, Erasure.Progress progress) {
    this.first = first;
    this.chosen = chosen;
    this.progress = progress;
    this.total = chosen.cardinality();
  }

  @Override
  public long passed() {
    return passed;
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public boolean concerns(long from, long to) {
    if (to < first || from - first > Integer.MAX_VALUE) {
      return false;
    }
    int next = chosen.nextSetBit((int) Math.max(0, from - first));
    return next >= 0 && first + next <= to;
  }

  @Override
  public byte[] keep(long sequence, byte[] record) {
    if (!concerns(sequence, sequence)) {
      return record;
    }
    if (sequence > counted) {
      counted = sequence;
      passed++;
    }
    return eraser.forget(sequence, record);
  }

  @Override
  public void worked(long bytes, long reclaimed) {
    progress.worked(bytes, reclaimed);
  }
}
