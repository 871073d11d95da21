package io.millrace.backend.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.store.Store;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.tck.TemporaryFolder;
import io.millrace.tck.Thoroughness;
import io.millrace.tck.store.StoreSteps;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What was forced, and is damaged where RocksDB looks for the end of what a crash has left. */
final class DamagedEndTest {
  private static final int STEPS = 150;

  private final StoreSteps steps = new StoreSteps(7);

  @Test
  void cutManifestIsReportedOrLeavesTheFirstBatches() throws IOException {
    try (TemporaryFolder work = TemporaryFolder.create()) {
      Path killed = work.path().resolve("killed");
      fillAndCopy(work.path().resolve("open"), killed);
      long bytes = Files.size(manifest(killed));
      int apart = Thoroughness.times(31, 3);
      int reported = 0;
      for (long left = 0; left < bytes; left += apart) {
        Path cut = work.path().resolve("cut-" + left);
        copy(killed, cut);
        try (FileChannel manifest = FileChannel.open(manifest(cut), StandardOpenOption.WRITE)) {
          manifest.truncate(left);
        }
        reported += isReported(cut) ? 1 : 0;
      }
      assertThat(reported).isPositive();
    }
  }

  @Test
  void changedBitAtTheEndOfTheWriteAheadLogIsReported() throws IOException {
    try (TemporaryFolder work = TemporaryFolder.create()) {
      Path killed = work.path().resolve("killed");
      fillAndCopy(work.path().resolve("open"), killed);
      for (int fromEnd = 1; fromEnd <= 20; fromEnd++) {
        Path changed = work.path().resolve("changed-" + fromEnd);
        copy(killed, changed);
        Path log = lastLog(changed);
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length - fromEnd] ^= 4;
        Files.write(log, bytes);
        assertThat(isReported(changed)).as("byte %s from the end", fromEnd).isTrue();
        assertThat(isReported(changed)).as("and again").isTrue();
      }
    }
  }

  private static Path lastLog(Path folder) throws IOException {
    return files(folder).stream()
        .filter(file -> file.toString().endsWith(".log"))
        .reduce((one, next) -> next)
        .orElseThrow();
  }

  /** Leaves a copy of an open store, which is what a kill leaves. */
  private void fillAndCopy(Path open, Path copy) throws IOException {
    try (Store store = open(open)) {
      for (int i = 1; i <= STEPS; i++) {
        steps.write(store, i);
        store.flush();
      }
      // Without what background threads are about to change.
      while (!copied(open, copy)) {
        delete(copy);
      }
    }
  }

  private static boolean copied(Path open, Path copy) throws IOException {
    List<Path> before = files(open);
    try {
      copy(open, copy);
      return files(open).equals(before);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void delete(Path folder) throws IOException {
    for (Path file : files(folder)) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  private boolean isReported(Path folder) {
    try (Store store = open(folder)) {
      steps.read(store, STEPS); // fails unless it is what some number of steps makes
      return false;
    } catch (CorruptionException e) {
      return true;
    }
  }

  private static Path manifest(Path folder) throws IOException {
    return files(folder).stream()
        .filter(file -> String.valueOf(file.getFileName()).startsWith("MANIFEST-"))
        .findAny()
        .orElseThrow();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static Store open(Path folder) {
    RocksdbStoreProvider provider = new RocksdbStoreProvider();
    return provider.open(
        Settings.parse(
            "", provider.settings(), Map.of("write-buffer-size", "64KiB", "wal", "true")),
        new ModuleContext(folder, Clock.systemUTC(), new Random(1), Meters.none()));
  }
}
