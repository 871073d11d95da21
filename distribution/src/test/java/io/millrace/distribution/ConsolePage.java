package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The {@code $} lines of the console blocks on a page of the documentation, each with what it
 * prints; {@code …} stands for anything.
 */
record ConsolePage(List<Step> steps) {
  /** A line for the shell, and what the page shows below it. */
  record Step(String command, String output) {
    /** Runs the line, and answers what it printed on either stream. */
    String run(Path folder, Map<String, String> environment)
        throws IOException, InterruptedException {
      ProcessBuilder builder =
          new ProcessBuilder("sh", "-c", command)
              .directory(folder.toFile())
              .redirectErrorStream(true);
      builder.environment().keySet().removeIf(variable -> variable.startsWith("MILLRACE_"));
      builder.environment().putAll(environment);
      Process process = builder.start();
      try {
        String printed =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command).isTrue();
        return printed.strip();
      } finally {
        process.destroyForcibly();
      }
    }

    /** Matches what the page shows. */
    Pattern pattern() {
      return Pattern.compile(
          Stream.of(output.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
          Pattern.DOTALL);
    }

    Step with(String newCommand) {
      return new Step(newCommand, output);
    }
  }

  static ConsolePage read(Path page) throws IOException {
    List<Step> steps = new ArrayList<>();
    boolean inside = false;
    StringBuilder output = new StringBuilder();
    String command = null;
    for (String line : Files.readAllLines(page)) {
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
    return new ConsolePage(steps);
  }
}
