package io.millrace.view.index.reduce;

import io.millrace.view.index.StoredRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to make one value of many rows, part by part.
 *
 * <p>A part is a run of rows in their order. Its partial reduction depends on its rows alone: the
 * same rows give the same bytes, always and everywhere. Which parts a range is cut into is decided
 * by the keys of its rows; a reducer that gives the same value for any parts, as all that are built
 * in do, gives the value that one pass over the rows would give.
 *
 * <p>Safe for use by many threads; a {@link Reduction} is not.
 */
public interface Reducer {
  /**
   * Why a row cannot be reduced, for the author of its document; null when it can. The document is
   * then an error and has no rows.
   */
  default @Nullable String refusal(StoredRow row) {
    return null;
  }

  /** A reduction of nothing yet. */
  Reduction begin();

  /**
   * Told that {@link Reduction#partial} of each of these will be asked for next, so that the work
   * can be done together. Failures are kept for then.
   */
  default void prepare(List<Reduction> reductions) {}
}
