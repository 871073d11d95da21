package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.document.Change;
import java.util.List;

/**
 * A fold over the log of a bucket, written in Java; definitions of views name it.
 *
 * <p>The state depends on the changes alone: no clock, no randomness, nothing remembered in the
 * object. Between two changes it is kept as JSON, at most {@value #MAX_STATE_CHARS} characters. A
 * change for which {@link #apply} throws leaves the state as it was and is listed among the errors
 * of the view.
 *
 * <p>Safe for use by many threads.
 */
public interface FoldProvider extends Provider {
  /** The most characters of JSON that a state has. */
  int MAX_STATE_CHARS = 1 << 20;

  /** The state before the first change. */
  JsonNode initial();

  /**
   * The state behind a change.
   *
   * @param state belongs to this call: it may be changed and returned
   * @param change has its body; that of a deletion is without members
   */
  JsonNode apply(JsonNode state, Change change);

  /** A fold writes nothing itself. */
  @Override
  default int formatVersion() {
    return 0;
  }

  /** None: what changes a state belongs to the definition. */
  @Override
  default List<Setting<?>> settings() {
    return List.of();
  }
}
