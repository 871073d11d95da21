package io.millrace.rest.http;

import io.millrace.rest.json.JsonWriter;
import java.util.List;

/**
 * The rows of a list, one after the other, and what is said around them. For one thread at a time.
 */
public interface Listing extends AutoCloseable {
  /** The name of the member that holds the rows. */
  String rowsName();

  /**
   * The names of the members that hold the rows, of a list whose rows are of several sorts: all of
   * the first sort come before those of the second.
   */
  default List<String> sections() {
    return List.of(rowsName());
  }

  /** The place among {@link #sections()} of the member that the present row belongs to. */
  default int section() {
    return 0;
  }

  /** Moves to the next row; false when there is none, or none within the limit. */
  boolean advance();

  /** Writes the present row: one JSON value. */
  void writeRow(JsonWriter out);

  /** Members that come before the count, where possible. Called after the last row. */
  default void writeLeading(JsonWriter out) {}

  /** Members that come last, {@code next} among them. Called after the last row. */
  default void writeTrailing(JsonWriter out) {}

  @Override
  void close();
}
