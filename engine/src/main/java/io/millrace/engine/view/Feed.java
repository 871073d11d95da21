package io.millrace.engine.view;

import io.millrace.api.view.ViewInput;
import org.jspecify.annotations.Nullable;

/** Where a build takes its input from. Safe for use by many threads. */
interface Feed {
  /**
   * What comes next.
   *
   * @param most how many changes at most
   * @return null when nothing can be given now, and {@link ViewBuild#wake} will be called when it
   *     can
   * @throws InterruptedException when the database is being closed
   */
  @Nullable Portion next(ViewInput input, ViewCheckpoint from, int most)
      throws InterruptedException;

  /**
   * Whether a build that was given everything up to {@code sequence} has all that it takes to
   * answer for the first time.
   */
  boolean complete(long sequence, ViewCheckpoint from);

  /** Whether there is more than what an exhausted portion up to {@code sequence} gave. */
  boolean moreBehind(long sequence);

  /** Hears that somebody waits until the build has reached {@code sequence}. */
  void urge(long sequence);
}
