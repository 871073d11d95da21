package io.millrace.view.reduce;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * One text for all JSON values that are equal by {@code JsonCollation}: numbers in their shortest
 * form, members in the order of their names, no white space. What is shown of groups and values is
 * this text, so that it does not matter which document wrote the value how.
 */
final class CanonicalJson {
  /** The point of a number that is written without an exponent stands in this range. */
  private static final int LEAST_POINT = -5;

  private static final int MOST_POINT = 21;

  private CanonicalJson() {}

  static String of(JsonNode value) {
    StringBuilder text = new StringBuilder(32);
    write(value, text);
    return text.toString();
  }

  static void write(JsonNode value, StringBuilder text) {
    if (value.isTextual()) {
      string(value.textValue(), text);
    } else if (value.isInt() || value.isLong()) {
      text.append(value.longValue());
    } else if (value.isNumber()) {
      text.append(number(value.decimalValue()));
    } else if (value.isArray()) {
      array(value, text);
    } else if (value.isObject()) {
      object(value, text);
    } else {
      text.append(value.asText());
    }
  }

  /** The shortest form of a number. */
  static String number(BigDecimal value) {
    if (value.signum() == 0) {
      return "0";
    }
    BigDecimal stripped = value.stripTrailingZeros();
    long point = (long) stripped.precision() - stripped.scale();
    if (point >= LEAST_POINT && point <= MOST_POINT) {
      return stripped.toPlainString();
    }
    StringBuilder text = new StringBuilder(stripped.unscaledValue().toString());
    int behindFirstDigit = stripped.signum() < 0 ? 2 : 1;
    if (text.length() > behindFirstDigit) {
      text.insert(behindFirstDigit, '.');
    }
    return text.append('e').append(point - 1).toString();
  }

  /** Writes a string. */
  static void string(String value, StringBuilder text) {
    text.append('"');
    JsonStringEncoder.getInstance().quoteAsString(value, text);
    text.append('"');
  }

  private static void array(JsonNode value, StringBuilder text) {
    text.append('[');
    for (int i = 0; i < value.size(); i++) {
      if (i > 0) {
        text.append(',');
      }
      write(value.get(i), text);
    }
    text.append(']');
  }

  private static void object(JsonNode value, StringBuilder text) {
    List<String> names = new ArrayList<>(value.size());
    Iterator<String> unsorted = value.fieldNames();
    unsorted.forEachRemaining(names::add);
    Collections.sort(names);
    text.append('{');
    for (int i = 0; i < names.size(); i++) {
      if (i > 0) {
        text.append(',');
      }
      string(names.get(i), text);
      text.append(':');
      write(value.get(names.get(i)), text);
    }
    text.append('}');
  }
}
