package io.millrace.engine.forget;

import io.millrace.api.log.LogRewriting;
import io.millrace.engine.record.Eraser;
import java.util.Arrays;

/** Erases the changes at some sequences, and keeps count of it. For one thread; anyone may ask. */
final class Erasure implements LogRewriting, Compactions.Work {
  /** Is told of progress, and may hold it up. */
  interface Progress {
    void worked(long bytes, long reclaimed);
  }

  private final long[] sequences;
  private final Progress progress;
  private final Eraser eraser = new Eraser();
  private volatile int passed;

  /**
   * @param sequences rising
   */
  Erasure(long[] sequences, Progress progress) {
    this.sequences = sequences;
    this.progress = progress;
  }

  @Override
  public long passed() {
    return passed;
  }

  @Override
  public long total() {
    return sequences.length;
  }

  @Override
  public boolean concerns(long first, long last) {
    int at = Arrays.binarySearch(sequences, first);
    int next = at < 0 ? -at - 1 : at;
    return next < sequences.length && sequences[next] <= last;
  }

  @Override
  public byte[] keep(long sequence, byte[] record) {
    int at = Arrays.binarySearch(sequences, sequence);
    if (at < 0) {
      return record;
    }
    passed = Math.max(passed, at + 1);
    return eraser.erase(sequence, record);
  }

  @Override
  public void worked(long bytes, long reclaimed) {
    progress.worked(bytes, reclaimed);
  }
}
