package io.millrace.tck.faults;

import io.millrace.tck.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process that runs a {@link ChildTask} and tells in lines what it has done. */
final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;
  private final Path errors;

  private Child(Process process, Path errors) {
    this.process = process;
    this.lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.errors = errors;
  }

  /**
   * Starts it.
   *
   * @param wrapper a command that executes its last arguments; empty for none
   * @param work a folder for whatever it leaves behind
   */
  static Child start(List<String> wrapper, Path work, String task, List<String> arguments) {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    try {
      Path temporary = Files.createDirectories(work.resolve("tmp"));
      Path errors = Files.createTempFile(work, "child-", ".txt");
      // It lives for a second: what would make it fast later makes it slow now.
      command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
      command.addAll(List.of("-Xshare:auto", "-XX:-UsePerfData"));
      if (Runtime.version().feature() >= 22) {
        command.add("--enable-native-access=ALL-UNNAMED");
      }
      // Libraries that are unpacked must not outlive the test.
      command.add("-Djava.io.tmpdir=" + temporary);
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of(ChildTask.class.getName(), task));
      command.addAll(arguments);
      return new Child(new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it says next; null when it has ended. */
  @Nullable String line() {
    try {
      return lines.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it as the system ends processes that it wants to be rid of. */
  void kill() {
    // Through its handle, which leaves what it said to be read.
    process.toHandle().destroyForcibly();
  }

  /** Waits for its orderly end. */
  void awaitSuccess() {
    try {
      if (!process.waitFor(3 * Patience.millis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the child does not end: " + errors());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    if (process.exitValue() != 0) {
      throw new AssertionError("the child ended with " + process.exitValue() + ": " + errors());
    }
  }

  /** What went wrong, in its own words. */
  String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      lines.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
