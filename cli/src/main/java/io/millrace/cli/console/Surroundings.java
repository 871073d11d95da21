package io.millrace.cli.console;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What a command finds around it.
 *
 * @param in what is typed or piped in
 * @param out takes results
 * @param err takes messages and progress
 * @param screen who watches
 * @param folder the working folder
 */
public record Surroundings(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    Screen screen,
    Map<String, String> environment,
    Path folder,
    Clock clock,
    RandomGenerator random) {
  /** Shows how far work has come; closed when it has ended. */
  public ProgressLine progress() {
    return new ProgressLine(err, screen.errors(), System::nanoTime);
  }

  /** The same, with other results, messages and watchers. */
  public Surroundings with(PrintWriter newOut, PrintWriter newErr, Screen newScreen) {
    return new Surroundings(in, newOut, newErr, newScreen, environment, folder, clock, random);
  }

  /** The same with a variable more in the environment. */
  public Surroundings with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Surroundings(in, out, err, screen, Map.copyOf(more), folder, clock, random);
  }
}
