package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
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

  @Test
  void everyLineOfTheGuideToRollbacksDoesWhatItShows() throws Exception {
    assertThat(run(Path.of("..", "docs", "rollback.md"))).as("commands").isPositive();
  }

  @Test
  void everyLineOfTheGuideToOfflineClientsDoesWhatItShows() throws Exception {
    assertThat(run(Path.of("..", "docs", "sync.md"))).as("commands").isPositive();
  }

  /** The page speaks with two servers, of which the second one has ports of its own. */
  @Test
  void everyLineOfTheGuideToReplicationDoesWhatItShows() throws Exception {
    List<ConsolePage.Step> steps =
        ConsolePage.read(Path.of("..", "docs", "replication.md")).steps();
    assertThat(steps).hasSizeGreaterThan(5);
    try (ServerProcess one = ServerProcess.on(folder.resolve("one")).start();
        ServerProcess two = ServerProcess.on(folder.resolve("two")).start()) {
      String first = one.uri("").toString();
      String second = two.uri("").toString();
      String peer =
          Answer.json(one.get("/_system/info"), 200).get("replication").get("zmq_uri").asText();
      for (ConsolePage.Step step : steps) {
        String command =
            step.command()
                .replaceFirst("^curl (?!-f -s)", "curl -sS ")
                .replace(ADDRESS, first)
                .replace("http://127.0.0.1:2444", second)
                .replace("tcp://127.0.0.1:1445", peer);
        assertThat(step.with(command).run(folder, Map.of()).replace(peer, "tcp://127.0.0.1:1445"))
            .as("%s%n%s%n%s", step.command(), one.log(), two.log())
            .matches(step.pattern());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"composing", "index", "mapreduce", "query", "reduce"})
  void everyLineOfAPageOnQueriesDoesWhatItShows(String page) throws Exception {
    assertThat(run(Path.of("..", "docs", "views", page + ".md"))).as("commands").isPositive();
  }

  /** The commands are those of the packaged server, and talk to it. */
  @Test
  void everyLineOfTheGuideToTheCommandLineDoesWhatItShows() throws Exception {
    Path page = Path.of("..", "docs", "cli.md");
    List<ConsolePage.Step> steps = ConsolePage.read(page).steps();
    assertThat(steps).hasSizeGreaterThan(20);
    Files.writeString(folder.resolve("session"), statements(page));
    try (ServerProcess server = ServerProcess.on(folder.resolve("data")).start()) {
      Path launcher = Path.of("src", "main", "launcher").toAbsolutePath();
      Map<String, String> environment =
          Map.of(
              "PATH",
              launcher + ":" + System.getenv("PATH"),
              "JAVA_HOME",
              System.getProperty("java.home"),
              "MILLRACE_SERVER",
              server.uri("").toString(),
              "MILLRACE_AUTHOR",
              "ann");
      for (ConsolePage.Step step : steps) {
        assertThat(step.run(folder, environment))
            .as("%s%n%s", step.command(), server.log())
            .matches(step.pattern());
      }
    }
  }

  /** The file that the page shows. */
  private static String statements(Path page) throws IOException {
    String begin = "```statements\n";
    String text = Files.readString(page);
    int start = text.indexOf(begin) + begin.length();
    return text.substring(start, text.indexOf("```", start));
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
