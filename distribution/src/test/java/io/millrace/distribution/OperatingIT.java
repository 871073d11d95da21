package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that the operator's guide shows, run one after the other on a small database. */
final class OperatingIT {
  private static final Path PAGE = Path.of("..", "docs", "operating.md");
  private static final Path LAUNCHER = Path.of("src", "main", "launcher").toAbsolutePath();

  @TempDir Path folder;

  @Test
  void everyCommandOfTheGuideDoesWhatItShows() throws Exception {
    try (ServerProcess server = ServerProcess.on(folder.resolve("data")).start()) {
      for (String film : new String[] {"alien", "heat", "jaws"}) {
        assertThat(server.put("/films/" + film, "{}").statusCode()).isEqualTo(201);
      }
      server.stop();
    }
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            System.getProperty("java.home"),
            "PATH",
            LAUNCHER + ":" + System.getenv("PATH"));
    ConsolePage page = ConsolePage.read(PAGE);
    assertThat(page.steps()).hasSizeGreaterThan(4);
    for (ConsolePage.Step step : page.steps()) {
      assertThat(step.run(folder, environment)).as(step.command()).matches(step.pattern());
    }
  }
}
