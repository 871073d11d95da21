package io.millrace.rest.http;

import io.millrace.rest.json.JsonWriter;

/**
 * The rows of a list, one after the other, and what is said around them. For one thread at a time.
 */
public interface Listing extends AutoCloseable {
  /** The name of the member that holds the rows. */
  String rowsName();

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
