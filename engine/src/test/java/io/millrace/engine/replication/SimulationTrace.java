package io.millrace.engine.replication;

import io.millrace.tck.Seed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes down what happened in a run that failed. */
final class SimulationTrace {
  private SimulationTrace() {}

  /** Runs one seed; when it fails, runs it again and keeps what happens in a file. */
  static void assertGood(long seed) {
    String failure = ReplicationSimulation.failure(seed, Flaw.NONE);
    if (failure == null) {
      return;
    }
    Path file = Path.of("target", "replication-" + seed + ".txt");
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
      ReplicationSimulation.run(seed, Flaw.NONE, out::println);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(new Seed(seed) + ", see " + file + ": " + e.getMessage(), e);
    }
    throw new AssertionError(new Seed(seed) + " failed once, and not again: " + failure);
  }
}
