package io.millrace.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What a command finds around it.
 *
 * @param out takes results
 * @param err takes messages and progress
 * @param terminal whether somebody watches {@code err}, so that a line may be written over
 * @param folder the working folder
 */
record Surroundings(
    PrintWriter out,
    PrintWriter err,
    boolean terminal,
    Map<String, String> environment,
    Path folder,
    Clock clock,
    RandomGenerator random) {
  /** Shows how far work has come; closed when it has ended. */
  ProgressLine progress() {
    return new ProgressLine(err, terminal, System::nanoTime);
  }
}
