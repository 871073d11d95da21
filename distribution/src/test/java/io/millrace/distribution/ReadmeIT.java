package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every {@code $} line of the console blocks in the documentation is run by a shell against one
 * packaged server per page, and must print what the page shows below it; {@code …} stands for
 * anything.
 */
class ReadmeIT {
  private static final String ADDRESS = "http://127.0.0.1:1444";

  @TempDir Path folder;

  private record Step(String command, String output) {}

  @Test
  void everyLineOfTheReadmeDoesWhatItShows() throws Exception {
    assertThat(run(Path.of("..", "README.md"))).as("commands").isGreaterThan(8);
  }

  @Test
  void everyLineOfTheRestGuideDoesWhatItShows() throws Exception {
    assertThat(run(Path.of("..", "docs", "rest-api.md"))).as("commands").isPositive();
  }

  private int run(Path page) throws Exception {
    List<Step> steps = steps(Files.readString(page));
    try (ServerProcess server = ServerProcess.on(folder.resolve("data")).start()) {
      URI root = server.uri("");
      for (Step step : steps) {
        String printed = shell(step.command().replace(ADDRESS, root.toString()));
        assertThat(printed.replace(root.toString(), ADDRESS).strip())
            .as("%s%n%s", step.command(), server.log())
            .matches(pattern(step.output()));
      }
    }
    return steps.size();
  }

  private static List<Step> steps(String page) {
    List<Step> steps = new ArrayList<>();
    boolean inside = false;
    StringBuilder output = new StringBuilder();
    String command = null;
    for (String line : page.lines().toList()) {
      boolean ends = inside && line.startsWith("```");
      if (line.startsWith("$ ") && inside || ends) {
        if (command != null) {
          steps.add(new Step(command, output.toString().strip()));
        }
        command = ends ? null : line.substring(2);
        output.setLength(0);
        inside = !ends;
      } else if (inside) {
        output.append(line).append('\n');
      } else if (line.equals("```console")) {
        inside = true;
      }
    }
    return steps;
  }

  private static Pattern pattern(String shown) {
    return Pattern.compile(
        Stream.of(shown.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
        Pattern.DOTALL);
  }

  private String shell(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-c", command.replaceFirst("^curl ", "curl -sS "))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command).isTrue();
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }
}
