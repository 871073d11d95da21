package io.millrace.view.reduce;

import io.millrace.view.index.MemberPath;

/**
 * What is kept of the values at one path, for all aggregates that need it.
 *
 * @param path where the values are
 * @param numeric whether all values but null must be numbers, which are summed
 * @param squares whether the squares of the numbers are summed too
 * @param values whether each value is kept with the number of its occurrences
 * @param extremes whether the least and the greatest value are kept with the group
 */
record Column(MemberPath path, boolean numeric, boolean squares, boolean values, boolean extremes) {
  /** Whether {@code other} is about the same values. */
  boolean isLike(Column other) {
    return numeric == other.numeric && path.equals(other.path);
  }

  /** A column for the aggregates of both. */
  Column with(Column other) {
    return new Column(
        path,
        numeric,
        squares || other.squares,
        values || other.values,
        extremes || other.extremes);
  }
}
