package io.millrace.spi;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One setting that a module knows: its key, what it means, its default, and how its text is read.
 *
 * @param key lower-case words joined by hyphens, without the module's prefix, for example {@code
 *     segment-bytes}
 * @param meaning one sentence for the operator, with the unit
 * @param defaultText the default as an operator would write it
 * @param allowed what may be written, in words
 * @param changeable whether an existing database may be opened with another value
 * @param parser reads the text; throws {@link IllegalArgumentException} on what is not allowed
 */
public record Setting<T>(
    String key,
    String meaning,
    String defaultText,
    String allowed,
    boolean changeable,
    Function<String, T> parser) {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(|b|kib|mib|gib|k|m|g)");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h)");

  public Setting {
    Objects.requireNonNull(parser);
  }

  /** Reads {@code text}, or refuses it with a message that names {@code prefix} and the key. */
  T parse(String prefix, String text) {
    try {
      return parser.apply(text.strip());
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(prefix + key, text, allowed, e);
    }
  }

  /**
   * A size in bytes: a whole number, optionally followed by {@code KiB}, {@code MiB} or {@code
   * GiB}.
   */
  public static Setting<Long> size(
      String key, String meaning, String defaultText, long least, long most) {
    return new Setting<>(
        key,
        meaning,
        defaultText,
        "a size from " + least + " to " + most + " bytes, for example 64MiB",
        true,
        text -> within(parseSize(text), least, most));
  }

  /** A whole number. */
  public static Setting<Long> number(
      String key, String meaning, long defaultValue, long least, long most) {
    return new Setting<>(
        key,
        meaning,
        Long.toString(defaultValue),
        "a whole number from " + least + " to " + most,
        true,
        text -> within(Long.parseLong(text), least, most));
  }

  /** A length of time such as {@code 250ms}, {@code 30s}, {@code 5m} or {@code 1h}. */
  public static Setting<Duration> duration(
      String key, String meaning, String defaultText, Duration least, Duration most) {
    return new Setting<>(
        key,
        meaning,
        defaultText,
        "a duration from " + least.toMillis() + "ms to " + most.toMillis() + "ms, such as 250ms",
        true,
        text -> {
          Duration value = parseDuration(text);
          if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("out of range");
          }
          return value;
        });
  }

  /** One of several words. */
  public static Setting<String> choice(
      String key, String meaning, String defaultText, List<String> choices) {
    return new Setting<>(
        key,
        meaning,
        defaultText,
        "one of " + String.join(", ", choices),
        true,
        text -> {
          if (!choices.contains(text)) {
            throw new IllegalArgumentException("not one of the choices");
          }
          return text;
        });
  }

  /** {@code true} or {@code false}. */
  public static Setting<Boolean> flag(String key, String meaning, boolean defaultValue) {
    return new Setting<>(
        key,
        meaning,
        Boolean.toString(defaultValue),
        "true or false",
        true,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("neither true nor false");
            });
  }

  /** The same setting, fixed once a database exists. */
  public Setting<T> fixed() {
    return new Setting<>(key, meaning, defaultText, allowed, false, parser);
  }

  /** Reads {@code 250ms}, {@code 30s}, {@code 5m} or {@code 1h}. */
  public static Duration parseDuration(String text) {
    Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a duration: " + text);
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  private static long parseSize(String text) {
    Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a size: " + text);
    }
    long amount = Long.parseLong(matcher.group(1));
    int shift =
        switch (matcher.group(2)) {
          case "k", "kib" -> 10;
          case "m", "mib" -> 20;
          case "g", "gib" -> 30;
          default -> 0;
        };
    if (amount > Long.MAX_VALUE >> shift) {
      throw new IllegalArgumentException("out of range: " + text);
    }
    return amount << shift;
  }

  private static long within(long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException("out of range");
    }
    return value;
  }
}
