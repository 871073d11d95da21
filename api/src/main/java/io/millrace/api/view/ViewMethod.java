package io.millrace.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreReader;
import java.util.Set;

/**
 * Something that a view can be asked.
 *
 * <p>The engine refuses parameters that are not {@linkplain #parameters() listed}, waits where the
 * kind says so, and gives a reader that stays the same for the whole call.
 */
public sealed interface ViewMethod {
  /** The names of the parameters that may be given. */
  Set<String> parameters();

  /** Answered at once, from whatever the view has reached. */
  record Sync(Set<String> parameters, Answer answer) implements ViewMethod {}

  /** Answered once the view has reached the sequence that the reader asks for. */
  record Async(Set<String> parameters, Answer answer) implements ViewMethod {}

  /** Rows, read once the view has reached the sequence that the reader asks for. */
  record Source(Set<String> parameters, Rows rows) implements ViewMethod {}

  /** Computes one value. */
  @FunctionalInterface
  interface Answer {
    /**
     * The value.
     *
     * @throws io.millrace.api.error.InvalidRequestException when an argument makes no sense; the
     *     message names the parameter
     */
    JsonNode call(ViewArguments arguments, StoreReader reader);
  }

  /** Opens a walk over rows. */
  @FunctionalInterface
  interface Rows {
    /**
     * The rows; nothing of them is gathered in memory. {@code reader} stays valid until the cursor
     * is closed.
     *
     * @throws io.millrace.api.error.InvalidRequestException when an argument makes no sense; the
     *     message names the parameter
     */
    Cursor<Row> call(ViewArguments arguments, StoreReader reader);
  }
}
