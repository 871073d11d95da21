package io.millrace.view.index.reduce;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A JSON number, read exactly: a whole number times a power of ten. Most fit into a long; the rest
 * are held as decimals.
 *
 * <p>A number can be reduced when it has at most {@value #MOST_DIGITS} digits before the point and
 * as many behind it, written without an exponent: every double has fewer. That bounds how long an
 * exact sum can become.
 */
final class JsonNumber {
  /** The most digits before, and behind, the decimal point. */
  static final int MOST_DIGITS = 400;

  /** The most digits behind the point of a number that is given as a long. */
  static final int MOST_SCALE = 18;

  private static final int MOST_SHORT_DIGITS = 18;
  private static final int MOST_CHARS = 1_000;

  private long unscaled;
  private int scale;
  private @Nullable BigDecimal large;

  /** The number times ten to the power of {@link #scale}, unless it is {@link #large}. */
  long unscaled() {
    return unscaled;
  }

  /** From 0 to {@link #MOST_SCALE}. */
  int scale() {
    return scale;
  }

  /** The number when it does not fit into a long; null when it does. */
  @Nullable BigDecimal large() {
    return large;
  }

  /** The number. */
  BigDecimal toDecimal() {
    return large == null ? BigDecimal.valueOf(unscaled, scale) : large;
  }

  /**
   * Reads the number that stands in {@code json} from {@code start} to its end.
   *
   * @return whether it can be reduced
   */
  boolean read(byte[] json, int start) {
    large = null;
    boolean negative = json[start] == '-';
    long value = 0;
    int digits = 0;
    int point = -1;
    for (int at = negative ? start + 1 : start; at < json.length; at++) {
      int digit = json[at] - '0';
      if (digit >= 0 && digit <= 9 && digits < MOST_SHORT_DIGITS) {
        value = value * 10 + digit;
        digits++;
      } else if (json[at] == '.') {
        point = digits;
      } else {
        return readLarge(json, start);
      }
    }
    unscaled = negative ? -value : value;
    scale = point < 0 ? 0 : digits - point;
    return true;
  }

  private boolean readLarge(byte[] json, int start) {
    int length = json.length - start;
    if (length > MOST_CHARS) {
      return false;
    }
    try {
      BigDecimal number =
          new BigDecimal(new String(json, start, length, StandardCharsets.US_ASCII));
      if (number.signum() == 0) {
        unscaled = 0;
        scale = 0;
        return true;
      }
      number = number.stripTrailingZeros();
      large = number;
      return number.scale() <= MOST_DIGITS
          && (long) number.precision() - number.scale() <= MOST_DIGITS;
    } catch (NumberFormatException e) {
      // The exponent has more digits than an int.
      return false;
    }
  }

  /**
   * The shortest way to write {@code number} exactly, with an exponent where JavaScript would use
   * one.
   */
  static String write(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    if (stripped.signum() == 0) {
      return "0";
    }
    long pointAt = (long) stripped.precision() - stripped.scale();
    if (pointAt > -6 && pointAt <= 21) {
      return stripped.toPlainString();
    }
    StringBuilder text = new StringBuilder(stripped.unscaledValue().toString());
    int firstDigit = stripped.signum() < 0 ? 1 : 0;
    if (text.length() > firstDigit + 1) {
      text.insert(firstDigit + 1, '.');
    }
    return text.append('e').append(pointAt - 1).toString();
  }
}
