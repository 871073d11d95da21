package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The archive that the build leaves, unpacked, and its command line.
 *
 * @param home the one folder at its top
 */
record UnpackedArchive(Path home) {
  /** What a command left: its exit code, and what it printed on either stream. */
  record Run(int exitCode, String out, String err) {
    Run exits(int expected) {
      assertThat(exitCode).as("%s%n%s", out, err).isEqualTo(expected);
      return this;
    }
  }

  /** The packed one that a build left in {@code target}. */
  static Path packed(Path target, String suffix) {
    return only(target, "millrace-", suffix);
  }

  /** Unpacks it below {@code folder}. */
  static UnpackedArchive of(Path target, Path folder) {
    Path packed = packed(target, ".tar.gz").toAbsolutePath();
    run(folder, List.of("tar", "-xzf", packed.toString())).exits(0);
    return new UnpackedArchive(only(folder, "millrace-", ""));
  }

  private static Path only(Path folder, String prefix, String suffix) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files
              .filter(file -> file.getFileName().toString().startsWith(prefix))
              .filter(file -> file.getFileName().toString().endsWith(suffix))
              .toList();
      assertThat(found).as("%s/%s*%s", folder, prefix, suffix).hasSize(1);
      return found.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path launcher() {
    return home.resolve("bin").resolve("millrace");
  }

  /** Runs {@code bin/millrace} in {@code folder}. */
  Run millrace(Path folder, String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(List.of(arguments));
    return run(folder, command);
  }

  private static Run run(Path folder, List<String> command) {
    try {
      Path out = Files.createTempFile(folder, ".", ".out");
      Path err = Files.createTempFile(folder, ".", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().keySet().removeIf(variable -> variable.startsWith("MILLRACE_"));
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      Process process = builder.start();
      try {
        assertThat(process.waitFor(ServerProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Run(
            process.exitValue(),
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
      } finally {
        process.destroyForcibly();
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
