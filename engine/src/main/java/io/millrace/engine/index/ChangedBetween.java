package io.millrace.engine.index;

import io.millrace.api.range.Cursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The documents whose winner is another one at one sequence than at another, in the byte order of
 * their ids. Belongs to one thread; must be closed.
 */
public interface ChangedBetween extends Cursor<ChangedBetween.Pair> {
  /**
   * A document at the two sequences.
   *
   * @param before what it was at the one; null when there was none
   * @param after what it was at the other; null when there was none
   */
  record Pair(String id, @Nullable PastState before, @Nullable PastState after) {
    static @Nullable Pair of(byte[] id, @Nullable PastState before, @Nullable PastState after) {
      boolean same =
          before == null || after == null
              ? before == after
              : before.winnerSequence() == after.winnerSequence();
      return same ? null : new Pair(new String(id, StandardCharsets.UTF_8), before, after);
    }
  }

  /** Within one life of a bucket: one walk over its history. */
  final class OfOneLife implements ChangedBetween {
    private final HistoryWalk walk;
    private final boolean backwards;
    private @Nullable Pair current;

    /**
     * @param backwards whether the upper sequence is where the difference begins
     */
    OfOneLife(HistoryWalk walk, boolean backwards) {
      this.walk = walk;
      this.backwards = backwards;
    }

    @Override
    public boolean advance() {
      current = null;
      while (current == null && walk.advance()) {
        PastState lower = walk.lower();
        PastState upper = walk.upper();
        current = backwards ? Pair.of(walk.id(), upper, lower) : Pair.of(walk.id(), lower, upper);
      }
      return current != null;
    }

    @Override
    public Pair current() {
      return onPair(current);
    }

    @Override
    public void close() {
      walk.close();
    }
  }

  /** Of a few documents within one life of a bucket: two look-ups for each. */
  final class OfFew implements ChangedBetween {
    private final DocumentIndex index;
    private final int bucket;
    private final Iterator<String> ids;
    private final long from;
    private final long to;
    private @Nullable Pair current;

    /**
     * @param ids in their byte order
     */
    OfFew(DocumentIndex index, int bucket, Iterator<String> ids, long from, long to) {
      this.index = index;
      this.bucket = bucket;
      this.ids = ids;
      this.from = from;
      this.to = to;
    }

    @Override
    public boolean advance() {
      current = null;
      while (current == null && ids.hasNext()) {
        String id = ids.next();
        current =
            Pair.of(
                DocumentIndex.utf8(id),
                index.stateAt(bucket, id, from),
                index.stateAt(bucket, id, to));
      }
      return current != null;
    }

    @Override
    public Pair current() {
      return onPair(current);
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  /** Between two lives, or a life and nothing: two walks side by side. */
  final class OfTwoLives implements ChangedBetween {
    private final @Nullable HistoryWalk before;
    private final @Nullable HistoryWalk after;
    private boolean moreBefore;
    private boolean moreAfter;
    private boolean begun;
    private @Nullable Pair current;

    OfTwoLives(@Nullable HistoryWalk before, @Nullable HistoryWalk after) {
      this.before = before;
      this.after = after;
    }

    @Override
    public boolean advance() {
      if (!begun) {
        begun = true;
        moreBefore = next(before);
        moreAfter = next(after);
      }
      current = null;
      while (current == null && (moreBefore || moreAfter)) {
        current = step();
      }
      return current != null;
    }

    private @Nullable Pair step() {
      int order = !moreBefore ? 1 : !moreAfter ? -1 : compare();
      byte[] id = id(order <= 0 ? before : after);
      PastState first = order <= 0 ? state(before) : null;
      PastState second = order >= 0 ? state(after) : null;
      moreBefore = order <= 0 ? next(before) : moreBefore;
      moreAfter = order >= 0 ? next(after) : moreAfter;
      return Pair.of(id, first, second);
    }

    private int compare() {
      return Arrays.compareUnsigned(id(before), id(after));
    }

    private static byte[] id(@Nullable HistoryWalk walk) {
      return Objects.requireNonNull(walk).id();
    }

    private static PastState state(@Nullable HistoryWalk walk) {
      return Objects.requireNonNull(walk).upper();
    }

    private static boolean next(@Nullable HistoryWalk walk) {
      return walk != null && walk.advance();
    }

    @Override
    public Pair current() {
      return onPair(current);
    }

    @Override
    public void close() {
      if (before != null) {
        before.close();
      }
      if (after != null) {
        after.close();
      }
    }
  }

  private static Pair onPair(@Nullable Pair pair) {
    if (pair == null) {
      throw new IllegalStateException("not on a document");
    }
    return pair;
  }
}
