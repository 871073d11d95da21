package io.millrace.api.view;

/** Which part of the log a view needs to see. */
public enum ViewInput {
  /**
   * The winner of each document, deletions included. A change that is followed by another of the
   * same document may be left out, so a new view reads each document once and not its past.
   */
  DOCUMENTS,
  /**
   * Every change, in sequence order. No body is forgotten before the views of its bucket have
   * stored that they passed it, but a view that is built anew is not given what was forgotten
   * before, so its rows may then be others.
   */
  CHANGES
}
