package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.console.Screen;
import io.millrace.cli.console.Surroundings;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Runs commands in one folder, and keeps what they print. */
final class Commands {
  private final Path folder;
  private final Map<String, String> environment = new TreeMap<>();
  private String in = "";
  private Screen screen = Screen.NONE;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  Commands(Path folder) {
    this.folder = folder;
  }

  Commands with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** What the next commands read. */
  Commands typing(String text) {
    in = text;
    return this;
  }

  /** Who watches the next commands. */
  Commands on(Screen newScreen) {
    screen = newScreen;
    return this;
  }

  Surroundings surroundings() {
    return new Surroundings(
        new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        screen,
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
