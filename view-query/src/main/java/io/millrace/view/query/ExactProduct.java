package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.view.index.filter.Remainder;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The exact product of numbers, whatever their order.
 *
 * <p>Twos and fives are counted apart from the other factors. What is left only ever grows, so it
 * does not depend on the order whether the product becomes too long to be computed.
 */
final class ExactProduct implements Accumulator {
  private static final int MOST_DIGITS = 10_000;
  private static final int MOST_BITS = (int) (MOST_DIGITS * 3.33);
  private static final BigInteger FIVE = BigInteger.valueOf(5);

  private final String place;
  private BigInteger rest = BigInteger.ONE;
  private long twos;
  private long fives;
  private long scale;
  private boolean zero;

  ExactProduct(String place) {
    this.place = place;
  }

  @Override
  public void add(JsonNode value) {
    if (!value.isNumber()) {
      return;
    }
    BigDecimal number = value.decimalValue();
    if (number.signum() == 0) {
      zero = true;
    } else if (Remainder.isShort(number)) {
      multiply(number);
    }
  }

  private void multiply(BigDecimal number) {
    BigInteger factor = number.unscaledValue();
    int shift = factor.getLowestSetBit();
    factor = factor.shiftRight(shift);
    twos += shift;
    BigInteger[] divided = factor.divideAndRemainder(FIVE);
    while (divided[1].signum() == 0) {
      factor = divided[0];
      fives++;
      divided = factor.divideAndRemainder(FIVE);
    }
    scale += number.scale();
    if (rest.bitLength() <= MOST_BITS) {
      rest = rest.multiply(factor);
    }
  }

  @Override
  public JsonNode result() {
    if (zero) {
      return DecimalNode.valueOf(BigDecimal.ZERO);
    }
    long tens = Math.min(twos, fives);
    long bits = rest.bitLength() + (twos - tens) + (fives - tens) * 3;
    long exponent = tens - scale;
    if (bits > MOST_BITS || Math.abs(exponent) > Integer.MAX_VALUE) {
      throw new InvalidRequestException(
          "question-too-large", place + " has more than " + MOST_DIGITS + " digits");
    }
    BigInteger digits =
        rest.shiftLeft((int) (twos - tens)).multiply(FIVE.pow((int) (fives - tens)));
    return Expression.Numbers.node(new BigDecimal(digits, (int) -exponent));
  }
}
