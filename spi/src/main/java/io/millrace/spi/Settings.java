package io.millrace.spi;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The values of one module's settings, every one of them read and checked before the module sees
 * it.
 *
 * <p>Immutable.
 */
public final class Settings {
  private final Map<String, Object> values;

  private Settings(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * Reads {@code texts} as values of {@code known}.
   *
   * @param prefix what stands before the keys in the operator's configuration, for messages, for
   *     example {@code millrace.log.file.}
   * @throws InvalidSettingException when a key is not known or a value is not allowed
   */
  public static Settings parse(String prefix, List<Setting<?>> known, Map<String, String> texts) {
    Map<String, Object> values = new HashMap<>();
    Map<String, String> unread = new TreeMap<>(texts);
    for (Setting<?> setting : known) {
      String text = unread.remove(setting.key());
      values.put(setting.key(), setting.parse(prefix, text == null ? setting.defaultText() : text));
    }
    if (!unread.isEmpty()) {
      TreeSet<String> names = new TreeSet<>();
      known.forEach(setting -> names.add(prefix + setting.key()));
      throw new InvalidSettingException(
          "unknown setting " + prefix + unread.keySet().iterator().next() + "; known are " + names);
    }
    return new Settings(Map.copyOf(values));
  }

  /** The defaults of {@code known}. */
  public static Settings defaults(List<Setting<?>> known) {
    return parse("", known, Map.of());
  }

  /**
   * The settings of a module that this one opens itself: what {@code given} says, else what stands
   * here under {@code prefix} and the key, else the default.
   *
   * @param known the settings of that module
   * @param given texts that the operator cannot change
   */
  public Settings within(String prefix, List<Setting<?>> known, Map<String, String> given) {
    Map<String, Object> inner = new HashMap<>(parse(prefix, known, given).values);
    for (Setting<?> setting : known) {
      Object value = values.get(prefix + setting.key());
      if (value != null && !given.containsKey(setting.key())) {
        inner.put(setting.key(), value);
      }
    }
    return new Settings(Map.copyOf(inner));
  }

  /**
   * The value of {@code setting}.
   *
   * @throws IllegalArgumentException when the setting was not among the known ones
   */
  @SuppressWarnings("unchecked") // the value was made by the parser of the setting with this key
  public <T> T get(Setting<T> setting) {
    Object value = values.get(setting.key());
    if (value == null) {
      throw new IllegalArgumentException("not a declared setting: " + setting.key());
    }
    return (T) value;
  }
}
