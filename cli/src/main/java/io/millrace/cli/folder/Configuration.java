package io.millrace.cli.folder;

import io.millrace.cli.console.Surroundings;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.Setting;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * What an operator wrote about settings: in the command line, in the environment, and in the file
 * that the server reads too, each stronger than the next.
 *
 * <p>Only {@code -D} is checked for keys that nobody knows; the file and the environment are the
 * server's, and hold much that is of no interest here.
 */
final class Configuration {
  private static final String CONF = "MILLRACE_CONF";
  private static final Path USUAL_FILE = Path.of("conf", "application.properties");

  private final Map<String, String> given;
  private final Map<String, String> environment;
  private final Properties file;

  private Configuration(
      Map<String, String> given, Map<String, String> environment, Properties file) {
    this.given = given;
    this.environment = environment;
    this.file = file;
  }

  /**
   * Reads the file.
   *
   * @throws InvalidSettingException when the file that was asked for cannot be read
   */
  static Configuration of(Surroundings surroundings, Map<String, String> given) {
    Properties properties = new Properties();
    String named = surroundings.environment().get(CONF);
    Path path = surroundings.folder().resolve(named == null ? USUAL_FILE : Path.of(named));
    if (named != null || Files.exists(path)) {
      try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new InvalidSettingException(
            named == null ? USUAL_FILE.toString() : CONF,
            path.toString(),
            "a file of settings that can be read",
            e);
      }
    }
    return new Configuration(Map.copyOf(given), surroundings.environment(), properties);
  }

  /** What was written for {@code key}. */
  Optional<String> text(String key) {
    String text = given.get(key);
    if (text == null) {
      text = environment.get(variable(key));
    }
    if (text == null) {
      text = file.getProperty(key);
    }
    return Optional.ofNullable(text).filter(written -> !written.isBlank());
  }

  /** What was written for {@code known}, by their keys without {@code prefix}. */
  Map<String, String> texts(String prefix, List<Setting<?>> known) {
    Map<String, String> texts = new HashMap<>();
    for (Setting<?> setting : known) {
      text(prefix + setting.key()).ifPresent(text -> texts.put(setting.key(), text));
    }
    return texts;
  }

  /**
   * Makes sure that every key of the command line is among {@code known}.
   *
   * @throws InvalidSettingException when one is not
   */
  void refuseUnknown(Collection<String> known) {
    for (String key : given.keySet()) {
      if (!known.contains(key)) {
        throw new InvalidSettingException(
            "unknown setting "
                + key
                + "; commands know those of logs and stores, which docs/configuration.md lists");
      }
    }
  }

  private static String variable(String key) {
    return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }
}
