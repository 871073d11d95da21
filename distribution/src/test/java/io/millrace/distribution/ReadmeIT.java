package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every {@code $} line of the console blocks in the documentation is run by a shell against one
 * packaged server per page, and must print what the page shows below it; {@code …} stands for
 * anything.
 */
class ReadmeIT {
  private static final String ADDRESS = "http://127.0.0.1:1444";

  @TempDir Path folder;

  @Test
  void everyLineOfTheReadmeDoesWhatItShows() throws Exception {
    assertThat(run(Path.of("..", "README.md"))).as("commands").isGreaterThan(8);
  }

  @Test
  void everyLineOfTheRestGuideDoesWhatItShows() throws Exception {
    assertThat(run(Path.of("..", "docs", "rest-api.md"))).as("commands").isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"composing", "index", "mapreduce", "query", "reduce"})
  void everyLineOfAPageOnQueriesDoesWhatItShows(String page) throws Exception {
    assertThat(run(Path.of("..", "docs", "views", page + ".md"))).as("commands").isPositive();
  }

  private int run(Path page) throws Exception {
    List<ConsolePage.Step> steps = ConsolePage.read(page).steps();
    try (ServerProcess server = ServerProcess.on(folder.resolve("data")).start()) {
      String root = server.uri("").toString();
      for (ConsolePage.Step step : steps) {
        String command = step.command().replaceFirst("^curl ", "curl -sS ").replace(ADDRESS, root);
        String printed = step.with(command).run(folder, Map.of());
        assertThat(printed.replace(root, ADDRESS))
            .as("%s%n%s", step.command(), server.log())
            .matches(step.pattern());
      }
    }
    return steps.size();
  }
}
