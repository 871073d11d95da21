package io.millrace.view.index.filter;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What is left when numbers are divided, exactly. */
public final class Remainder {
  /** Numbers with more digits before or behind the point have no remainder. */
  private static final int MOST_DIGITS = 1_000;

  private Remainder() {}

  /**
   * What is left when {@code value} is divided by {@code divisor}, which is not 0; it has the sign
   * of the value.
   *
   * @return null when the value is no number, or has more than 1,000 digits before or behind the
   *     point
   */
  public static @Nullable BigDecimal of(JsonNode value, BigDecimal divisor) {
    if (!value.isNumber()) {
      return null;
    }
    BigDecimal number = value.decimalValue();
    return isShort(number) && isShort(divisor) ? number.remainder(divisor) : null;
  }

  /**
   * Reads a number to divide by.
   *
   * @throws io.millrace.api.view.InvalidDefinitionException when it is none
   */
  public static BigDecimal divisor(JsonNode argument, String place) {
    BigDecimal divisor = argument.isNumber() ? argument.decimalValue() : BigDecimal.ZERO;
    if (divisor.signum() == 0 || !isShort(divisor)) {
      throw Refusals.at(
          place, "a divisor is a number other than 0 of at most " + MOST_DIGITS + " digits");
    }
    return divisor;
  }

  /** Whether a number has at most 1,000 digits before and behind the point. */
  public static boolean isShort(BigDecimal number) {
    return Math.abs((long) number.scale()) <= MOST_DIGITS && number.precision() <= MOST_DIGITS;
  }
}
