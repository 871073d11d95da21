package io.millrace.backend.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.store.Store;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.tck.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

  /** The child, which opens two stores, one after the other. */
  public static void main(String[] arguments) {
    Path work = Path.of(arguments[0]);
    Store one = open(work.resolve("one"));
    Store other = open(work.resolve("other"));
    one.keyspace("rows");
    other.keyspace("rows");
    Runtime.getRuntime().halt(KILLED);
  }

  private static Store open(Path folder) {
    RocksdbStoreProvider provider = new RocksdbStoreProvider();
    return provider.open(
        Settings.parse("", provider.settings(), Map.of()),
        new ModuleContext(folder, Clock.systemUTC(), new Random(1), Meters.none()));
  }
}
