package io.millrace.view.index.reduce;

import io.millrace.view.index.StoredRow;

/**
 * A reduction that is being made of rows and of partial reductions, given in the order of the rows.
 * Takes a bounded amount of memory. For one thread.
 */
public interface Reduction {
  /**
   * Takes in a row.
   *
   * @throws ReductionFailedException as every method here: when rows cannot be reduced. It is said
   *     again for whatever the rows are part of
   */
  void add(StoredRow row);

  /** Takes in what {@link #partial} gave for the rows that come next. */
  void merge(byte[] partial);

  /** The reduction so far, to be kept. Asked for last, and never of nothing. */
  byte[] partial();

  /** The reduction so far as compact JSON. Asked for last; may be asked of nothing. */
  byte[] answer();
}
