package io.millrace.engine.index;

import io.millrace.engine.record.BinaryReader;
import io.millrace.engine.record.BinaryWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * When a bucket existed: from the commit that made it until one dropped it, and again from each
 * rollback that brought it back. Immutable.
 */
public final class Lifetime {
  /** The sequences at which it began, ended, began again and so on, rising. */
  private final long[] turns;

  private Lifetime(long[] turns) {
    this.turns = turns;
  }

  /** That of a bucket made at {@code sequence}. */
  static Lifetime from(long sequence) {
    return new Lifetime(new long[] {sequence});
  }

  /**
   * A time without interruption.
   *
   * @param first the first sequence at which the bucket existed
   * @param last the last one; {@link Long#MAX_VALUE} while it exists
   */
  public record Span(long first, long last) {}

  /** The times at which it existed, oldest first. */
  public List<Span> spans() {
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < turns.length; i += 2) {
      spans.add(new Span(turns[i], i + 1 < turns.length ? turns[i + 1] - 1 : Long.MAX_VALUE));
    }
    return spans;
  }

  /** The sequence at which it began. */
  long created() {
    return turns[0];
  }

  /** The sequence at which it ended; 0 while it lasts. */
  long dropped() {
    return turns.length % 2 == 0 ? turns[turns.length - 1] : 0;
  }

  /** This one, ended at {@code sequence}. */
  Lifetime ended(long sequence) {
    return turned(sequence, true);
  }

  /** This one, which had ended, begun again at {@code sequence}. */
  Lifetime begunAgain(long sequence) {
    return turned(sequence, false);
  }

  private Lifetime turned(long sequence, boolean lasts) {
    if ((dropped() == 0) != lasts || sequence < turns[turns.length - 1]) {
      throw new IllegalStateException("no turn at " + sequence + " after " + this);
    }
    long[] more = Arrays.copyOf(turns, turns.length + 1);
    more[turns.length] = sequence;
    return new Lifetime(more);
  }

  boolean includes(long sequence) {
    int before = 0;
    while (before < turns.length && turns[before] <= sequence) {
      before++;
    }
    return before % 2 == 1;
  }

  void encode(BinaryWriter out) {
    out.varint(turns.length);
    for (long turn : turns) {
      out.varint(turn);
    }
  }

  static Lifetime decode(BinaryReader in) {
    int count = in.count(in.remaining());
    if (count == 0) {
      throw in.damaged("a bucket that never began");
    }
    long[] turns = new long[count];
    for (int i = 0; i < count; i++) {
      turns[i] = in.varint();
    }
    return new Lifetime(turns);
  }

  @Override
  public String toString() {
    return Arrays.toString(turns);
  }
}
