package io.millrace.api.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreReader;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /**
   * Rows, read once the view has reached the sequence that the reader asks for.
   *
   * @param changed finds the rows of given documents, so that the rows can be followed; null when
   *     they cannot
   */
  record Source(Set<String> parameters, Rows rows, @Nullable ChangedRows changed)
      implements ViewMethod {
    /** Rows that cannot be followed. */
    public Source(Set<String> parameters, Rows rows) {
      this(parameters, rows, null);
    }
  }

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

  /** Opens a walk over the rows of some documents. */
  @FunctionalInterface
  interface ChangedRows {
    /**
     * Of the rows that {@link Rows#call} gives for the same arguments, those of the documents
     * called {@code documentIds}: one document after the other in the order given. A document
     * without such rows is passed over. {@code reader} stays valid until the cursor is closed.
     *
     * @param documentIds each once; none when only the arguments are to be checked
     * @throws io.millrace.api.error.InvalidRequestException when an argument makes no sense for
     *     rows that are followed; the message names the parameter
     */
    Cursor<Row> call(ViewArguments arguments, Collection<String> documentIds, StoreReader reader);
  }
}
