package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of the calendar, in UTC, that a time lies in.
 *
 * <p>A time is a text of RFC 3339, or a date alone, or a number of milliseconds since 1970; from
 * the year 0 to 9999. Anything else lies in none.
 */
enum TimeBucket {
  DAY,
  WEEK,
  MONTH,
  YEAR;

  private static final Pattern RFC_3339 =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d)"
              + "(?:[Tt ](\\d\\d):(\\d\\d):(\\d\\d)(?:\\.\\d+)?(?:[Zz]|([+-])(\\d\\d):(\\d\\d)))?");

  /** Numbers with more before the point lie beyond the year 9999. */
  private static final int MOST_DIGITS = 18;

  private static final int MINUTES_PER_DAY = 24 * 60;
  private static final BigDecimal MILLIS_PER_DAY = BigDecimal.valueOf(86_400_000);
  private static final long FIRST_DAY = LocalDate.of(0, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

  /** The bucket of {@code time}; missing when it is no time. */
  JsonNode of(JsonNode time) {
    LocalDate day = null;
    if (time.isTextual()) {
      day = day(time.textValue());
    } else if (time.isNumber()) {
      day = day(time.decimalValue());
    }
    return day == null ? MissingNode.getInstance() : TextNode.valueOf(name(day));
  }

  private String name(LocalDate day) {
    return switch (this) {
      case DAY -> day.toString();
      case WEEK ->
          String.format(
              Locale.ROOT,
              "%04d-W%02d",
              day.get(IsoFields.WEEK_BASED_YEAR),
              day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case MONTH -> day.toString().substring(0, 7);
      case YEAR -> day.toString().substring(0, 4);
    };
  }

  private static @Nullable LocalDate day(BigDecimal millis) {
    if (millis.abs().compareTo(BigDecimal.ONE) < 0) {
      // Not divided: that costs much when there are many zeros behind the point.
      return LocalDate.ofEpochDay(millis.signum() < 0 ? -1 : 0);
    }
    if (millis.precision() - (long) millis.scale() > MOST_DIGITS) {
      return null;
    }
    return ofEpochDay(millis.divide(MILLIS_PER_DAY, 0, RoundingMode.FLOOR).longValue());
  }

  private static @Nullable LocalDate day(String text) {
    Matcher time = RFC_3339.matcher(text);
    if (!time.matches()) {
      return null;
    }
    try {
      LocalDate day = LocalDate.parse(time.group(1));
      return time.group(2) == null ? day : shifted(day, time);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The day in UTC; whole minutes settle it, so leap seconds and fractions do not matter. */
  private static @Nullable LocalDate shifted(LocalDate day, Matcher time) {
    int hour = Integer.parseInt(time.group(2));
    int minute = Integer.parseInt(time.group(3));
    int offset = 0;
    if (time.group(5) != null) {
      int offsetHour = Integer.parseInt(time.group(6));
      int offsetMinute = Integer.parseInt(time.group(7));
      if (offsetHour > 23 || offsetMinute > 59) {
        return null;
      }
      offset = (offsetHour * 60 + offsetMinute) * (time.group(5).equals("-") ? -1 : 1);
    }
    if (hour > 23 || minute > 59 || Integer.parseInt(time.group(4)) > 60) {
      return null;
    }
    int minutes = hour * 60 + minute - offset;
    return ofEpochDay(day.toEpochDay() + Math.floorDiv(minutes, MINUTES_PER_DAY));
  }

  private static @Nullable LocalDate ofEpochDay(long day) {
    return day < FIRST_DAY || day > LAST_DAY ? null : LocalDate.ofEpochDay(day);
  }
}
