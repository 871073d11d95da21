package io.millrace.view.index.reduce;

import io.millrace.view.index.StoredRow;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Sum, count, least, greatest and sum of the squares of the values. Kept as the count in eight
 * bytes, then, unless it is 0, the other four as exact numbers.
 */
final class StatsReduction implements Reduction {
  private final JsonNumber number = new JsonNumber();
  private final ExactSum sum = new ExactSum();
  private final ExactSum squares = new ExactSum();
  private long count;
  private @Nullable BigDecimal least;
  private @Nullable BigDecimal greatest;

  @Override
  public void add(StoredRow row) {
    if (row.isNull()) {
      return;
    }
    number.read(row.json(), row.valueStart());
    count++;
    sum.add(number);
    squares.addSquare(number);
    BigDecimal value = number.toDecimal();
    range(value, value);
  }

  private void range(BigDecimal low, BigDecimal high) {
    if (least == null || low.compareTo(least) < 0) {
      least = low;
    }
    if (greatest == null || high.compareTo(greatest) > 0) {
      greatest = high;
    }
  }

  @Override
  public void merge(byte[] partial) {
    Partials.read(
        partial,
        in -> {
          long more = in.getLong();
          if (more > 0) {
            count += more;
            sum.add(Partials.decimal(in));
            range(Partials.decimal(in), Partials.decimal(in));
            squares.add(Partials.decimal(in));
          }
        });
  }

  @Override
  public byte[] partial() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(count).array());
    if (least != null && greatest != null) {
      out.writeBytes(Partials.write(sum.total()));
      out.writeBytes(Partials.write(least));
      out.writeBytes(Partials.write(greatest));
      out.writeBytes(Partials.write(squares.total()));
    }
    return out.toByteArray();
  }

  @Override
  public byte[] answer() {
    String text =
        "{\"sum\":"
            + JsonNumber.write(sum.total())
            + ",\"count\":"
            + count
            + ",\"min\":"
            + (least == null ? "null" : JsonNumber.write(least))
            + ",\"max\":"
            + (greatest == null ? "null" : JsonNumber.write(greatest))
            + ",\"sumsqr\":"
            + JsonNumber.write(squares.total())
            + "}";
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
