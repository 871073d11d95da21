package io.millrace.view.reduce;

import io.millrace.api.error.InvalidRequestException;
import java.math.BigDecimal;

/**
 * A sum of numbers that is exact, so that it does not depend on their order, and that what was
 * added can be taken back.
 *
 * <p>A number that takes part has at most {@value #MOST_DIGITS} digits before and as many behind
 * the point, which bounds the sum. For one thread.
 */
final class ExactSum {
  static final int MOST_DIGITS = 400;

  private long whole;
  private BigDecimal rest = BigDecimal.ZERO;

  /**
   * Whether a number can take part.
   *
   * @throws InvalidRequestException when it cannot
   */
  static void require(BigDecimal number) {
    long before = (long) number.precision() - number.scale();
    if (number.signum() != 0 && (before > MOST_DIGITS || number.scale() > MOST_DIGITS)) {
      throw new InvalidRequestException(
          "number-too-long",
          "a number of more than "
              + MOST_DIGITS
              + " digits before or behind the point cannot be summed");
    }
  }

  void add(long number) {
    long sum = whole + number;
    if (((whole ^ sum) & (number ^ sum)) < 0) {
      rest = rest.add(BigDecimal.valueOf(number));
    } else {
      whole = sum;
    }
  }

  void add(BigDecimal number) {
    rest = rest.add(number);
  }

  /** The sum. */
  BigDecimal value() {
    return whole == 0 ? rest : rest.add(BigDecimal.valueOf(whole));
  }
}
