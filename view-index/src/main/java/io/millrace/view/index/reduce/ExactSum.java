package io.millrace.view.index.reduce;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A sum of numbers, or of their squares, without rounding, so that it does not depend on the order
 * of its parts. For one thread.
 *
 * <p>What fits into longs is added by scale as longs; what leaves their range is carried over.
 */
final class ExactSum {
  private final long[] byScale = new long[2 * JsonNumber.MOST_SCALE + 1];
  private BigDecimal carried = BigDecimal.ZERO;

  void add(JsonNumber number) {
    BigDecimal large = number.large();
    if (large == null) {
      add(number.unscaled(), number.scale());
    } else {
      add(large);
    }
  }

  void addSquare(JsonNumber number) {
    BigDecimal large = number.large();
    if (large != null) {
      add(large.multiply(large));
      return;
    }
    long unscaled = number.unscaled();
    if (unscaled == (int) unscaled) {
      add(unscaled * unscaled, 2 * number.scale());
    } else {
      BigInteger whole = BigInteger.valueOf(unscaled);
      add(new BigDecimal(whole.multiply(whole), 2 * number.scale()));
    }
  }

  private void add(long unscaled, int scale) {
    long before = byScale[scale];
    long sum = before + unscaled;
    if (((before ^ sum) & (unscaled ^ sum)) < 0) {
      add(BigDecimal.valueOf(before, scale));
      sum = unscaled;
    }
    byScale[scale] = sum;
  }

  void add(BigDecimal number) {
    carried = carried.add(number);
  }

  BigDecimal total() {
    BigDecimal total = carried;
    for (int scale = 0; scale < byScale.length; scale++) {
      if (byScale[scale] != 0) {
        total = total.add(BigDecimal.valueOf(byScale[scale], scale));
      }
    }
    return total.stripTrailingZeros();
  }
}
