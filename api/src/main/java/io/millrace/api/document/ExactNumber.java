package io.millrace.api.document;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A number of a JSON tree that is written out in the text it was read from.
 *
 * <p>Two of them are equal when their values are; numbers too long or too large to be computed with
 * at reasonable cost are equal when their texts are, and pass for 0 in computations.
 */
final class ExactNumber extends NumericNode {
  private static final long serialVersionUID = 1L;

  /** Turning digits into a number takes time that grows with the square of their count. */
  private static final int LONGEST_COMPUTED = 1000;

  private final String text;
  private final BigDecimal value;
  private final boolean computed;

  private ExactNumber(String text, @Nullable BigDecimal value) {
    this.text = text;
    this.value = value == null ? BigDecimal.ZERO : value;
    this.computed = value != null;
  }

  static ExactNumber of(String text) {
    if (text.length() <= LONGEST_COMPUTED) {
      try {
        return new ExactNumber(text, new BigDecimal(text));
      } catch (NumberFormatException e) {
        // The exponent is beyond what can be computed with; the text is all there is.
      }
    }
    return new ExactNumber(text, null);
  }

  /** A number that is equal to those of the same text alone; it passes for 0 in computations. */
  static ExactNumber ofText(String text) {
    return new ExactNumber(text, null);
  }

  @Override
  public String asText() {
    return text;
  }

  @Override
  public void serialize(JsonGenerator generator, SerializerProvider provider) throws IOException {
    generator.writeNumber(text);
  }

  @Override
  public JsonToken asToken() {
    return JsonToken.VALUE_NUMBER_FLOAT;
  }

  @Override
  public JsonParser.NumberType numberType() {
    return JsonParser.NumberType.BIG_DECIMAL;
  }

  @Override
  public Number numberValue() {
    return value;
  }

  @Override
  public int intValue() {
    return value.intValue();
  }

  @Override
  public long longValue() {
    return value.longValue();
  }

  @Override
  public double doubleValue() {
    return value.doubleValue();
  }

  @Override
  public BigDecimal decimalValue() {
    return value;
  }

  @Override
  public BigInteger bigIntegerValue() {
    return value.toBigInteger();
  }

  @Override
  public boolean canConvertToInt() {
    return false;
  }

  @Override
  public boolean canConvertToLong() {
    return false;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ExactNumber number
        && (text.equals(number.text)
            || computed && number.computed && value.compareTo(number.value) == 0);
  }

  @Override
  public int hashCode() {
    return computed ? value.stripTrailingZeros().hashCode() : text.hashCode();
  }
}
