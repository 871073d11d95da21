package io.millrace.view.reduce;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.document.Change;

/**
 * A fold over the log of a bucket, written in Java.
 *
 * <p>Found with {@link java.util.ServiceLoader} when a database opens: list the class in {@code
 * META-INF/services/io.millrace.view.reduce.Fold}, and name it in a definition as {@code
 * {"type":"reduce","fold":{"java":"NAME"}}}.
 *
 * <p>The state depends on the changes alone: no clock, no randomness, nothing remembered in the
 * object. Between two changes the state is written as JSON and read again, at most {@value
 * FoldState#MAX_CHARS} characters of it. A change for which {@link #apply} throws leaves the state
 * as it was and is listed among the errors of the view. When the code changes so that the state
 * would be another, give the definition another {@code version} beside the name, and all is folded
 * again.
 *
 * <p>Safe for use by many threads.
 */
public interface Fold {
  /** The name that definitions use. */
  String name();

  /** The state before the first change. */
  JsonNode initial();

  /**
   * The state behind a change.
   *
   * @param state belongs to this call: it may be changed and returned
   * @param change has its body; that of a deletion is without members
   */
  JsonNode apply(JsonNode state, Change change);
}
