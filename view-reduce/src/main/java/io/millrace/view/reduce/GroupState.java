package io.millrace.view.reduce;

import java.math.BigDecimal;
import java.util.List;

/**
 * What is kept of one group: its key, how many contributions it has, and the numbers of its
 * columns. It depends on the contributions alone, not on their order. For one thread.
 */
final class GroupState {
  private static final String WHAT = "group of a reduce view";

  final String key;
  final ColumnState[] columns;
  long count;

  private GroupState(String key, List<Column> columns) {
    this.key = key;
    this.columns = new ColumnState[columns.size()];
    for (int i = 0; i < this.columns.length; i++) {
      this.columns[i] = new ColumnState();
    }
  }

  /** The numbers of one column. */
  static final class ColumnState {
    /** How many values there are. */
    long count;

    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal squares = BigDecimal.ZERO;

    /** How many values differ. */
    long distinct;

    /** Canonical JSON of the extremes; empty for none. */
    String least = "";

    String greatest = "";
  }

  /** A group without contributions. */
  static GroupState empty(String key, List<Column> columns) {
    return new GroupState(key, columns);
  }

  static GroupState read(byte[] stored, List<Column> columns) {
    ByteReader reader = new ByteReader(stored, WHAT);
    GroupState state = new GroupState(reader.text(), columns);
    state.count = reader.varint();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      ColumnState read = state.columns[i];
      read.count = reader.varint();
      if (column.numeric()) {
        read.sum = reader.number();
      }
      if (column.squares()) {
        read.squares = reader.number();
      }
      if (column.values()) {
        read.distinct = reader.varint();
      }
      if (column.extremes()) {
        read.least = reader.text();
        read.greatest = reader.text();
      }
    }
    return state;
  }

  byte[] write(List<Column> columns) {
    ByteWriter writer = new ByteWriter(64);
    writer.text(key);
    writer.varint(count);
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      ColumnState written = this.columns[i];
      writer.varint(written.count);
      if (column.numeric()) {
        writer.text(CanonicalJson.number(written.sum));
      }
      if (column.squares()) {
        writer.text(CanonicalJson.number(written.squares));
      }
      if (column.values()) {
        writer.varint(written.distinct);
      }
      if (column.extremes()) {
        writer.text(written.least);
        writer.text(written.greatest);
      }
    }
    return writer.toArray();
  }
}
