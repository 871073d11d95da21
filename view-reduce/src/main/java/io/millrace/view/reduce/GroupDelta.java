package io.millrace.view.reduce;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the changes of one batch do to one group. For one thread. */
final class GroupDelta {
  /** Texts up to this length without point and exponent are numbers that fit into a long. */
  private static final int MOST_LONG_CHARS = 18;

  private final List<Column> columns;
  private final ColumnDelta[] deltas;
  private long count;

  GroupDelta(List<Column> columns) {
    this.columns = columns;
    this.deltas = new ColumnDelta[columns.size()];
    for (int i = 0; i < deltas.length; i++) {
      deltas[i] = new ColumnDelta();
    }
  }

  /** What happens to one column. */
  static final class ColumnDelta {
    private long count;
    private final ExactSum sum = new ExactSum();
    private final ExactSum squares = new ExactSum();

    /** How many more times each value occurs, by its canonical JSON. */
    private final Map<String, Occurrences> values = new HashMap<>();

    Map<String, Occurrences> values() {
      return values;
    }
  }

  /** A number that is added to. */
  static final class Occurrences {
    private long more;

    long more() {
      return more;
    }
  }

  /** Adds a contribution, or takes it back. */
  void add(Contribution contribution, boolean takesBack) {
    int sign = takesBack ? -1 : 1;
    count += sign;
    for (int i = 0; i < deltas.length; i++) {
      for (String value : contribution.values().get(i)) {
        add(columns.get(i), deltas[i], value, sign);
      }
    }
  }

  private static void add(Column column, ColumnDelta delta, String value, int sign) {
    delta.count += sign;
    if (column.numeric()) {
      addNumber(column, delta, value, sign);
    }
    if (column.values()) {
      delta.values.computeIfAbsent(value, unused -> new Occurrences()).more += sign;
    }
  }

  private static void addNumber(Column column, ColumnDelta delta, String value, int sign) {
    if (isLong(value)) {
      long number = Long.parseLong(value);
      delta.sum.add(sign * number);
      if (column.squares() && Math.abs(number) <= Integer.MAX_VALUE) {
        delta.squares.add(sign * number * number);
        return;
      }
    } else {
      BigDecimal number = new BigDecimal(value);
      delta.sum.add(sign > 0 ? number : number.negate());
    }
    if (column.squares()) {
      BigDecimal number = new BigDecimal(value);
      BigDecimal square = number.multiply(number);
      delta.squares.add(sign > 0 ? square : square.negate());
    }
  }

  private static boolean isLong(String number) {
    if (number.length() > MOST_LONG_CHARS) {
      return false;
    }
    for (int i = 0; i < number.length(); i++) {
      char c = number.charAt(i);
      if ((c < '0' || c > '9') && c != '-') {
        return false;
      }
    }
    return true;
  }

  ColumnDelta column(int column) {
    return deltas[column];
  }

  /** Changes the counts and sums of a group. */
  void applyTo(GroupState state) {
    state.count += count;
    for (int i = 0; i < deltas.length; i++) {
      GroupState.ColumnState column = state.columns[i];
      column.count += deltas[i].count;
      column.sum = column.sum.add(deltas[i].sum.value());
      column.squares = column.squares.add(deltas[i].squares.value());
    }
  }
}
