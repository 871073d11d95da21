package io.millrace.view.index.reduce;

import io.millrace.view.index.StoredRow;
import java.nio.charset.StandardCharsets;

/** The sum of the values. Kept as an exact number. */
final class SumReduction implements Reduction {
  private final JsonNumber number = new JsonNumber();
  private final ExactSum sum = new ExactSum();

  @Override
  public void add(StoredRow row) {
    if (!row.isNull()) {
      number.read(row.json(), row.valueStart());
      sum.add(number);
    }
  }

  @Override
  public void merge(byte[] partial) {
    Partials.read(partial, in -> sum.add(Partials.decimal(in)));
  }

  @Override
  public byte[] partial() {
    return Partials.write(sum.total());
  }

  @Override
  public byte[] answer() {
    return JsonNumber.write(sum.total()).getBytes(StandardCharsets.US_ASCII);
  }
}
