package io.millrace.view.index.reduce;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.view.index.JsonCollation;
import io.millrace.view.index.StoredRow;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The least or the greatest value in the order of keys. Null is passed over. Kept as the JSON of
 * that value, empty when there is none.
 */
final class ExtremeReducer implements Reducer {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NONE = {};

  /** The sign of the comparison of a better value with a worse one. */
  private final int sign;

  ExtremeReducer(int sign) {
    this.sign = sign;
  }

  @Override
  public @Nullable String refusal(StoredRow row) {
    return refusalToCompare(row);
  }

  /** Why the value of a row has no place in the order; null when it has one. */
  static @Nullable String refusalToCompare(StoredRow row) {
    try {
      JsonCollation.encode(row.json(), row.valueStart(), row.json().length);
      return null;
    } catch (InvalidRequestException e) {
      return "the value of a row cannot be compared as keys are: " + e.getMessage();
    }
  }

  @Override
  public Reduction begin() {
    return new Extreme();
  }

  private final class Extreme implements Reduction {
    private byte[] json = NONE;
    private byte[] collated = NONE;

    @Override
    public void add(StoredRow row) {
      if (!row.isNull()) {
        offer(row.json(), row.valueStart());
      }
    }

    @Override
    public void merge(byte[] partial) {
      if (partial.length > 0) {
        offer(partial, 0);
      }
    }

    private void offer(byte[] holder, int start) {
      byte[] other = JsonCollation.encode(holder, start, holder.length);
      int comparison = json.length == 0 ? 1 : Arrays.compareUnsigned(other, collated) * sign;
      if (comparison == 0) {
        // Of equal values that are written differently, the same one wins in any order.
        comparison = Arrays.compareUnsigned(json, 0, json.length, holder, start, holder.length);
      }
      if (comparison > 0) {
        json = Arrays.copyOfRange(holder, start, holder.length);
        collated = other;
      }
    }

    @Override
    public byte[] partial() {
      return json;
    }

    @Override
    public byte[] answer() {
      return json.length == 0 ? NULL : json;
    }
  }
}
