package io.millrace.engine.read;

import io.millrace.api.document.Revision;
import org.jspecify.annotations.Nullable;

/**
 * A document that a listing comes to, as far as the index tells.
 *
 * @param sequence the change that made the winner
 * @param revision null when the log alone knows, and whether it is a tombstone too
 * @param read whether the log is needed
 */
record ListedWinner(String id, long sequence, @Nullable Revision revision, boolean read) {
  /** What one takes in memory, beside its id: it, its text, its revision and their headers. */
  private static final int BYTES = 136;

  int bytes() {
    return BYTES + 2 * id.length();
  }
}
