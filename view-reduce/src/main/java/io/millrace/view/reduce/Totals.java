package io.millrace.view.reduce;

import io.millrace.api.view.ViewStatistics;
import org.jspecify.annotations.Nullable;

/** The counters of a view while a batch is made. */
final class Totals {
  long rows;
  long bytes;
  long errors;

  static Totals read(byte @Nullable [] stored) {
    Totals totals = new Totals();
    if (stored != null) {
      ByteReader reader = new ByteReader(stored, "totals of a reduce view");
      totals.rows = reader.varint();
      totals.bytes = reader.varint();
      totals.errors = reader.varint();
    }
    return totals;
  }

  byte[] write() {
    ByteWriter stored = new ByteWriter(16);
    stored.varint(rows);
    stored.varint(bytes);
    stored.varint(errors);
    return stored.toArray();
  }

  ViewStatistics statistics() {
    return new ViewStatistics(rows, bytes, errors);
  }
}
