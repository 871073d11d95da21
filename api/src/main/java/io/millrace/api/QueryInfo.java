package io.millrace.api;

import io.millrace.api.view.ViewDefinition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a query.
 *
 * @param state what its view is doing
 * @param sequence what its rows reflect
 * @param rows how many rows there are
 * @param bytes of keys and values, before compression
 * @param errors how many documents could not be computed
 * @param failure why the view stands still; null unless the state is {@link State#FAILED}
 * @param methods what can be asked: {@code sync}, {@code async} or {@code source}, by name
 */
public record QueryInfo(
    ViewDefinition definition,
    State state,
    long sequence,
    long rows,
    long bytes,
    long errors,
    @Nullable String failure,
    Map<String, String> methods) {
  /** What a view is doing. */
  public enum State {
    /** Built for the first time, or anew after a changed definition. */
    BUILDING,
    /** Up to date, or nearly so. */
    READY,
    /** Answers from its old rows while new ones are made. */
    REBUILDING,
    /** Stands still because of an error that is not a document's. */
    FAILED
  }
}
