package io.millrace.api.view;

/**
 * What is told of rows that are followed, one after the other: the rows that were there, if they
 * are wanted; once, that these are all; and from then on, for each document that changes, its rows.
 *
 * <p>The rows of a changed document come together and take the place of all that it had.
 */
public sealed interface LiveRow {
  /** A row that was there when the following began. */
  record Existing(Row row) implements LiveRow {}

  /**
   * The rows that were there are told; what comes next are changes.
   *
   * @param sequence every change up to it is in the rows told so far, or was not wanted
   */
  record CaughtUp(long sequence) implements LiveRow {}

  /**
   * A row of a document that changed; the row may be newer than the change, never older.
   *
   * @param sequence of the change; never falls
   * @param last whether it is the last row of this document, so that everything up to {@code
   *     sequence} is told
   */
  record Changed(Row row, long sequence, boolean last) implements LiveRow {}

  /**
   * A document changed and has none of the rows asked for.
   *
   * @param sequence of the change
   */
  record Removed(String documentId, long sequence) implements LiveRow {}
}
