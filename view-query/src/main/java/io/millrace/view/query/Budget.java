package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.error.InvalidRequestException;

/** What a stage that holds rows in memory has left. For one question. */
final class Budget {
  private static final int NODE_BYTES = 40;
  private static final int ROW_BYTES = 200;

  private final String place;
  private final QueryLimits limits;
  private long rows;
  private long bytes;

  /** A budget of the stage that stands at {@code place}. */
  Budget(String place, QueryLimits limits) {
    this.place = place;
    this.limits = limits;
  }

  /** Takes a row, or a group of rows. */
  void takeRow(long rowBytes) {
    if (++rows > limits.gatheredRows()) {
      throw exceeded(
          limits.gatheredRows() + " rows", "gathered-rows", "ask for fewer rows, by a filter");
    }
    take(ROW_BYTES + rowBytes);
  }

  /** Gives back what {@link #takeRow} took for the same bytes. */
  void giveBackRow(long rowBytes) {
    rows--;
    bytes -= ROW_BYTES + rowBytes;
  }

  /** Takes memory. */
  void take(long more) {
    bytes += more;
    if (bytes > limits.gatheredBytes()) {
      throw exceeded(
          limits.gatheredBytes() + " bytes", "gathered-bytes", "ask for less, by a filter or $map");
    }
  }

  private InvalidRequestException exceeded(String limit, String setting, String advice) {
    return new InvalidRequestException(
        "question-too-large",
        place
            + " holds more than "
            + limit
            + " in memory, which is the limit millrace.view.query."
            + setting
            + "; "
            + advice
            + ", or sort in an order that an index has");
  }

  /** How much memory a value takes, roughly. */
  static long bytesOf(JsonNode value) {
    if (value.isTextual()) {
      return NODE_BYTES + value.textValue().length();
    }
    if (value.isBigDecimal() || value.isBigInteger()) {
      return NODE_BYTES + (long) value.decimalValue().unscaledValue().bitLength() / 8;
    }
    long bytes = NODE_BYTES;
    if (value.isObject()) {
      for (var member : value.properties()) {
        bytes += NODE_BYTES + member.getKey().length() + bytesOf(member.getValue());
      }
    } else {
      for (JsonNode element : value) {
        bytes += bytesOf(element);
      }
    }
    return bytes;
  }
}
