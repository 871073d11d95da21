package io.millrace.rest.http;

import io.millrace.api.Database;
import io.millrace.api.document.Moment;
import io.millrace.api.document.Revision;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.SequenceRange;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query string. Immutable.
 *
 * <p>A parameter that the resource does not know, one given twice and one that makes no sense are
 * refused, with their name.
 */
public final class Parameters {
  private static final Parameters NONE = new Parameters(Map.of());
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h)?");
  private static final Duration LONGEST = Duration.ofDays(1);

  private final Map<String, String> encoded;

  private Parameters(Map<String, String> encoded) {
    this.encoded = encoded;
  }

  /**
   * The parameters of a request.
   *
   * @param known the names that the resource understands
   */
  public static Parameters of(RoutingContext context, Set<String> known) {
    Parameters parameters = of(context.request().query());
    parameters.requireOnly(known);
    return parameters;
  }

  /** The parameters of a request, whatever their names are. */
  public static Parameters of(RoutingContext context) {
    return of(context.request().query());
  }

  static Parameters of(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return NONE;
    }
    Map<String, String> encoded = new HashMap<>();
    for (String pair : query.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = PathSegments.percentDecode(equals < 0 ? pair : pair.substring(0, equals), true);
      if (encoded.put(name, equals < 0 ? "" : pair.substring(equals + 1)) != null) {
        throw refused(name, "is given twice");
      }
    }
    return new Parameters(encoded);
  }

  private void requireOnly(Set<String> known) {
    for (String name : encoded.keySet()) {
      if (!known.contains(name)) {
        throw refused(
            name,
            known.isEmpty()
                ? "is not known here, nor is any other"
                : "is not known here; known are " + String.join(", ", new TreeSet<>(known)));
      }
    }
  }

  /** These parameters, and {@code more} where they say nothing. */
  public Parameters or(Map<String, String> more) {
    Map<String, String> all = new HashMap<>();
    more.forEach((name, value) -> all.put(name, PathSegments.percentEncode(value)));
    all.putAll(encoded);
    return new Parameters(all);
  }

  /** The names given. */
  public Set<String> names() {
    return encoded.keySet();
  }

  /** Whether {@code name} was given. */
  public boolean has(String name) {
    return encoded.containsKey(name);
  }

  /** The value; null when it was not given. */
  public @Nullable String text(String name) {
    String value = encoded.get(name);
    return value == null ? null : PathSegments.percentDecode(value, true);
  }

  /** The value as it stands in the query string; null when it was not given. */
  public @Nullable String encodedText(String name) {
    return encoded.get(name);
  }

  /** Yes or no; {@code absent} when it was not given. */
  public boolean flag(String name, boolean absent) {
    String value = text(name);
    if (value == null) {
      return absent;
    }
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused(name, "must be true or false, not " + value);
    };
  }

  /** A whole number of 0 or more; {@code absent} when it was not given. */
  public long count(String name, long absent) {
    String value = text(name);
    if (value == null) {
      return absent;
    }
    if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      try {
        return Long.parseLong(value);
      } catch (NumberFormatException e) {
        // Beyond 64 bits; falls through to the one message.
      }
    }
    throw refused(name, "must be a whole number from 0 to " + Long.MAX_VALUE + ", not " + value);
  }

  /** A revision; null when it was not given. */
  public @Nullable Revision revision(String name) {
    String value = text(name);
    return value == null ? null : Revision.parse(value);
  }

  /**
   * A length of time: milliseconds, a number with {@code ms}, {@code s}, {@code m} or {@code h}, or
   * ISO 8601, at most a day; {@code absent} when it was not given.
   */
  public Duration duration(String name, Duration absent) {
    String value = text(name);
    if (value == null) {
      return absent;
    }
    Duration duration = parseDuration(value);
    if (duration == null || duration.isNegative() || duration.compareTo(LONGEST) > 0) {
      throw refused(name, "must be milliseconds, or a time such as 500ms or 30s, up to a day");
    }
    return duration;
  }

  private static @Nullable Duration parseDuration(String value) {
    Matcher matcher = DURATION.matcher(value);
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      String unit = matcher.group(2);
      return switch (unit == null ? "ms" : unit) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        default -> Duration.ofHours(amount);
      };
    }
    try {
      return Duration.parse(value);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * The sequence of a place in the past: a sequence, or a time of RFC 3339; {@code absent} when it
   * was not given.
   */
  public long at(String name, Database database, long absent) {
    return has(name) ? database.resolve(moment(name, Moment.present())) : absent;
  }

  /** A sequence, or a time of RFC 3339; {@code absent} when it was not given. */
  public Moment moment(String name, Moment absent) {
    Moment moment = momentOfDocument(name, absent);
    if (moment instanceof Moment.AtRevision) {
      throw refused(name, "must be a sequence or a time here, not a revision");
    }
    return moment;
  }

  /** A sequence, a time of RFC 3339 or a revision; {@code absent} when it was not given. */
  public Moment momentOfDocument(String name, Moment absent) {
    String value = text(name);
    if (value == null) {
      return absent;
    }
    try {
      // A plus that was not escaped arrives as a space.
      return Moment.parse(value.replace(' ', '+'));
    } catch (InvalidRequestException e) {
      throw e.code().equals("invalid-moment") ? refused(name, e.getMessage()) : e;
    }
  }

  /** A time of RFC 3339; null when it was not given. */
  public @Nullable Instant time(String name) {
    if (!has(name)) {
      return null;
    }
    if (momentOfDocument(name, Moment.present()) instanceof Moment.AtTime at) {
      return at.time();
    }
    throw refused(name, "must be a time with its zone, such as 2026-01-31T12:00:00Z");
  }

  /** The names of {@link #sequenceRange()}. */
  public static final Set<String> SEQUENCE_RANGE =
      Set.of("gt", "gte", "lt", "lte", "since", "reverse", "limit");

  /** {@code gt gte lt lte since reverse limit}; {@code since=now} is left to the caller. */
  public SequenceRange sequenceRange() {
    SequenceRange range = SequenceRange.all();
    if (has("since") && !"now".equals(text("since"))) {
      range = range.gt(count("since", 0));
    }
    if (has("gt")) {
      range = range.gt(count("gt", 0));
    }
    if (has("gte")) {
      range = range.gte(count("gte", 0));
    }
    if (has("lt")) {
      range = range.lt(count("lt", 0));
    }
    if (has("lte")) {
      range = range.lte(count("lte", 0));
    }
    return range.reversed(flag("reverse", false)).limited(count("limit", Long.MAX_VALUE));
  }

  /** A refusal of the parameter {@code name}. */
  public static InvalidRequestException refused(String name, @Nullable String reason) {
    return new InvalidRequestException("invalid-parameter", "parameter '" + name + "' " + reason);
  }
}
