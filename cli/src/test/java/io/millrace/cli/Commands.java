package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Runs commands in one folder, and keeps what they print. */
final class Commands {
  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  Commands(Path folder) {
    this.folder = folder;
  }

  Commands with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Surroundings surroundings() {
    return new Surroundings(
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        false,
        Map.copyOf(environment),
        folder,
        Clock.systemUTC(),
        new SplittableRandom(1));
  }

  /** Runs a command that must end with {@code code}; what it prints is there afterwards. */
  Commands exits(int code, String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    assertThat(Main.run(surroundings(), arguments)).as("%s%n%s", out, err).isEqualTo(code);
    return this;
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
