package io.millrace.view.reduce;

import io.millrace.api.document.Change;
import java.util.List;
import java.util.Map;

/** Folds changes; the state between two of them is JSON text. For one thread at a time. */
interface FoldRun {
  /**
   * The JSON of the state behind {@code changes}. A change that fails leaves the state as it was.
   *
   * @param failures takes the reason for each change that failed
   * @throws InterruptedException when the thread is interrupted
   */
  String fold(String state, List<Change> changes, Map<Change, String> failures)
      throws InterruptedException;
}
