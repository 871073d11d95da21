package io.millrace.backend.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.UnsupportedException;
import io.millrace.api.store.Store;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.tck.TemporaryFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a child process, since a library that was loaded cannot be unloaded. */
final class NativeLibraryTest {
  @Test
  void platformWithoutALibraryIsReportedInOneSentence() throws IOException, InterruptedException {
    assertThat(messageOf("-Dos.name=Plan 9", "-Dos.arch=mips"))
        .contains("native-library-missing", "Plan 9 mips", "choose another store");
  }

  @Test
  void libraryThatCannotBeUnpackedIsReported() throws IOException, InterruptedException {
    assertThat(messageOf("-Djava.io.tmpdir=/absent/folder"))
        .contains("native-library-missing", "java.io.tmpdir");
  }

  /** So that nothing stays when the process is killed. */
  @Test
  void nothingUnpackedIsThereWhileTheStoreIsOpen(@TempDir Path temporary)
      throws IOException, InterruptedException {
    assertThat(messageOf("-Djava.io.tmpdir=" + temporary)).contains("unpacked: []");
  }

  private static String messageOf(String... options) throws IOException, InterruptedException {
    TemporaryFolder work = TemporaryFolder.create();
    try {
      List<String> command =
          new ArrayList<>(
              List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
      command.addAll(List.of(options));
      command.addAll(
          List.of(
              "-cp",
              System.getProperty("java.class.path"),
              NativeLibraryTest.class.getName(),
              work.path().resolve("store").toString()));
      Path output = work.path().resolve("output");
      Process child =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).as("the child ends in time").isTrue();
      } finally {
        child.destroyForcibly().waitFor();
      }
      return Files.readString(output, StandardCharsets.UTF_8);
    } finally {
      work.close();
    }
  }

  /** The child: says what it is told when it opens a store. */
  public static void main(String[] arguments) throws IOException {
    LeveldbStoreProvider provider = new LeveldbStoreProvider();
    try (Store store =
            provider.open(
                Settings.defaults(provider.settings()),
                new ModuleContext(
                    Path.of(arguments[0]), Clock.systemUTC(), new Random(1), Meters.none()));
        Stream<Path> unpacked = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      System.out.println("unpacked: " + unpacked.toList() + " by " + store.keyspaces());
    } catch (UnsupportedException e) {
      System.out.println(e.code() + ": " + e.getMessage());
    }
  }
}
