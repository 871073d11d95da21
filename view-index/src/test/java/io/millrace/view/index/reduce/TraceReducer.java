package io.millrace.view.index.reduce;

import io.millrace.view.index.StoredRow;
import java.nio.charset.StandardCharsets;

/**
 * Writes down each row, so that one that is missing, taken twice or out of order shows; fails on a
 * row whose value is {@code "bad"}.
 */
final class TraceReducer implements Reducer {
  @Override
  public Reduction begin() {
    return new Trace();
  }

  private static final class Trace implements Reduction {
    private final StringBuilder rows = new StringBuilder();

    @Override
    public void add(StoredRow row) {
      byte[] json = row.json();
      String value =
          new String(
              json, row.valueStart(), json.length - row.valueStart(), StandardCharsets.UTF_8);
      if (value.equals("\"bad\"")) {
        throw new ReductionFailedException("bad row of " + row.documentId());
      }
      rows.append(new String(row.keyJson(), StandardCharsets.UTF_8).replace('"', '\''))
          .append(row.documentId())
          .append(value.replace('"', '\''))
          .append(';');
    }

    @Override
    public void merge(byte[] partial) {
      rows.append(new String(partial, StandardCharsets.UTF_8));
    }

    @Override
    public byte[] partial() {
      return rows.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] answer() {
      return ('"' + rows.toString() + '"').getBytes(StandardCharsets.UTF_8);
    }
  }
}
