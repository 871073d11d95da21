package io.millrace.engine.view;

import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import java.util.List;

/**
 * Some changes that views are fed with, read at one moment.
 *
 * <p>Later it is still right to give it to a view, or the part behind what the view was given: a
 * document that changed since is met again at its new place. Immutable.
 *
 * @param changes in sequence order
 * @param position what was looked at: nothing that is meant lay between the changes and it
 * @param exhausted whether nothing lay behind it
 * @param present a sequence of the database of which everything was seen when this was read
 */
record Portion(List<Change> changes, long position, boolean exhausted, long present) {

  /** What of it lies behind {@code sequence}. */
  Portion behind(long sequence) {
    int first = firstBehind(sequence);
    return first == 0
        ? this
        : new Portion(changes.subList(first, changes.size()), position, exhausted, present);
  }

  /** Its beginning, of at most {@code most} changes, and of one at least. */
  Portion head(int most) {
    if (changes.size() <= most) {
      return this;
    }
    List<Change> head = changes.subList(0, Math.max(1, most));
    return new Portion(head, head.get(head.size() - 1).sequence(), false, present);
  }

  /** Its beginning up to {@code sequence}, when there is both such a beginning and a rest. */
  Portion upTo(long sequence) {
    int beyond = firstBehind(sequence);
    return sequence >= position || beyond == 0
        ? this
        : new Portion(changes.subList(0, beyond), sequence, false, present);
  }

  /** The same with other bodies in {@code replaced}, one for each change. */
  Portion with(List<Change> replaced) {
    return new Portion(replaced, position, exhausted, present);
  }

  private int firstBehind(long sequence) {
    int low = 0;
    int high = changes.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (changes.get(middle).sequence() <= sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The bytes of all bodies. */
  long bodyBytes() {
    long bytes = 0;
    for (Change change : changes) {
      Body body = change.body();
      bytes += body == null ? 0 : body.length();
    }
    return bytes;
  }
}
