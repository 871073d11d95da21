package io.millrace.backend.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.tck.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What cannot be had in this process: a limit on file sizes, and no library. */
@EnabledOnOs(OS.LINUX)
final class FailingDiskTest {
  private static final int AS_EXPECTED = 0;

  /**
   * No file beyond 20 or 40 MB, as the shell counts: room for the native library, which is unpacked
   * first, and none for the file of a full write buffer.
   */
  private static final String LIMITED = "ulimit -f 40000; ";

  @Test
  void storeThatCannotFlushRefusesWritesAndGoesOnReading() throws Exception {
    assertThat(child(LIMITED + "exec \"$@\"", "write")).isEqualTo(AS_EXPECTED);
  }

  @Test
  void missingLibraryIsReported() throws Exception {
    assertThat(child("exec \"$@\"", "library")).isEqualTo(AS_EXPECTED);
  }

  private static int child(String script, String task) throws IOException, InterruptedException {
    TemporaryFolder work = TemporaryFolder.create();
    try {
      List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-XX:-UsePerfData");
      if (task.equals("library")) {
        command.add("-Djava.io.tmpdir=" + work.path().resolve("absent"));
      }
      command.addAll(
          List.of("-cp", System.getProperty("java.class.path"), FailingDiskTest.class.getName()));
      command.addAll(List.of(task, work.path().resolve("store").toString()));
      Process child =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).as("the child ends in time").isTrue();
        return child.exitValue();
      } finally {
        child.destroyForcibly().waitFor();
      }
    } finally {
      work.close();
    }
  }

  /** The child. */
  public static void main(String[] arguments) {
    if (arguments[0].equals("library")) {
      try {
        open(Path.of(arguments[1])).close();
        throw new AssertionError("the library was found");
      } catch (UnsupportedException e) {
        assertThat(e.code()).isEqualTo("native-library-missing");
      }
    } else {
      writeUntilRefused(open(Path.of(arguments[1])));
    }
    System.exit(AS_EXPECTED);
  }

  private static void writeUntilRefused(Store store) {
    Keyspace rows = store.keyspace("rows");
    byte[] value = new byte[10_000];
    new Random(1).nextBytes(value);
    int written = 0;
    UnavailableException refusal = null;
    while (refusal == null && written < 30_000) {
      try {
        write(store, rows, written, value);
        written++;
      } catch (UnavailableException e) {
        refusal = e;
      }
    }
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isIn("store-failed", "store-full");
    for (int i = 0; i < written; i++) {
      byte[] read = store.get(rows, new byte[] {(byte) (i >> 8), (byte) i});
      assertThat(Arrays.equals(read, value)).isTrue();
    }
    int next = written;
    assertThatThrownBy(() -> write(store, rows, next, value))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(store::close)
        .as("what was not flushed is lost, and close says so")
        .isInstanceOf(UnavailableException.class);
    store.close();
  }

  private static void write(Store store, Keyspace rows, int number, byte[] value) {
    try (StoreBatch batch = store.batch()) {
      batch.put(rows, new byte[] {(byte) (number >> 8), (byte) number}, value);
      store.write(batch);
    }
  }

  private static Store open(Path folder) {
    RocksdbStoreProvider provider = new RocksdbStoreProvider();
    return provider.open(
        Settings.parse("", provider.settings(), Map.of("write-buffer-size", "64MiB")),
        new ModuleContext(folder, Clock.systemUTC(), new Random(1), Meters.none()));
  }
}
