package io.millrace.view.index.reduce;

import io.millrace.view.index.StoredRow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A reduction of numbers. Rows whose value is null are passed over; a row with another value that
 * is no number, or one that is too long, makes its document an error.
 */
final class NumberReducer implements Reducer {
  private final Supplier<Reduction> reductions;

  NumberReducer(Supplier<Reduction> reductions) {
    this.reductions = reductions;
  }

  @Override
  public @Nullable String refusal(StoredRow row) {
    byte first = row.json()[row.valueStart()];
    if (first == 'n') {
      return null;
    }
    if (first != '-' && (first < '0' || first > '9')) {
      return "the value of a row is neither a number nor null, so that it cannot be reduced";
    }
    return new JsonNumber().read(row.json(), row.valueStart())
        ? null
        : "the value of a row has more than "
            + JsonNumber.MOST_DIGITS
            + " digits before or behind the decimal point, so that it cannot be reduced";
  }

  @Override
  public Reduction begin() {
    return reductions.get();
  }
}
