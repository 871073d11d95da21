package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.plugin.Plugins;
import io.millrace.spi.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of settings says what the code says, row by row. */
final class ConfigurationPageTest {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");

  private final Map<String, List<Setting<?>>> groups =
      SettingCatalogue.find(ConfigurationPageTest.class.getClassLoader(), Plugins.none()).groups();

  @Test
  void pageHasExactlyTheSettingsThatAreDeclared() throws IOException {
    List<String> declared =
        groups.entrySet().stream()
            .flatMap(
                group -> group.getValue().stream().map(setting -> row(group.getKey(), setting)))
            .sorted()
            .toList();
    List<String> written =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("| `millrace."))
            .sorted()
            .toList();
    List<String> missing = without(declared, written);
    List<String> stale = without(written, declared);
    assertThat(missing).as("missing rows:%n%s", String.join("\n", missing)).isEmpty();
    assertThat(stale).as("rows of no setting").isEmpty();
    assertThat(written).doesNotHaveDuplicates();
  }

  private static List<String> without(List<String> all, List<String> some) {
    return all.stream().filter(row -> !some.contains(row)).toList();
  }

  private static String row(String prefix, Setting<?> setting) {
    return "| `"
        + prefix
        + setting.key()
        + "` | "
        + setting.meaning()
        + " | `"
        + setting.defaultText()
        + "` | "
        + setting.allowed()
        + " | "
        + (setting.changeable() ? "yes" : "no")
        + " |";
  }
}
