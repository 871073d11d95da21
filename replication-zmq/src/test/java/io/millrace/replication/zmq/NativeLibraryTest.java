package io.millrace.replication.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tck.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Where the native library is unpacked to, in a process that has not loaded it yet. */
final class NativeLibraryTest {
  private static final int KILLED = 86;

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a file in use cannot be removed there")
  void processThatIsKilledLeavesNoLibraryBehind() throws IOException, InterruptedException {
    try (TemporaryFolder work = TemporaryFolder.create()) {
      Path temporary = Files.createDirectory(work.path().resolve("tmp"));
      Process child =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-XX:-UsePerfData",
                      "-Djava.io.tmpdir=" + temporary,
                      "-cp",
                      System.getProperty("java.class.path"),
                      NativeLibraryTest.class.getName(),
                      work.path().toString()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).as("the child ends in time").isTrue();
      } finally {
        child.destroyForcibly().waitFor();
      }
      assertThat(child.exitValue()).isEqualTo(KILLED);
      assertThat(temporary).isEmptyDirectory();
    }
  }

  /** The child. */
  public static void main(String[] arguments) {
    NativeLibrary.load();
    NativeLibrary.load();
    Runtime.getRuntime().halt(NativeLibrary.isLoaded() ? KILLED : 1);
  }
}
