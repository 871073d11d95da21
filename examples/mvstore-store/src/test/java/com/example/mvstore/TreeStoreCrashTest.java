package com.example.mvstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.spi.Meters;
import io.millrace.spi.Settings;
import io.millrace.tck.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that ends when MVStore has written a chunk, but not yet the header that names it. */
final class TreeStoreCrashTest {
  private static final int HEADER_BYTES = 2 * 4096;
  private static final int STEPS = 150;
  private static final int OTHER_KEYS = 20;

  @TempDir Path folder;

  @Test
  void nothingThatWasFlushedBeforeIsLostThenOrLater() throws IOException {
    Seed seed = Seed.next();
    Random random = seed.random();
    Path living = folder.resolve("living");
    Store store = open(living);
    for (int step = 1; step <= STEPS; step++) {
      byte[] before = Files.readAllBytes(living.resolve(TreeStore.FILE));
      put(store, step, random);
      store.flush();
      byte[] after = Files.readAllBytes(living.resolve(TreeStore.FILE));
      Path crashed = Files.createDirectory(folder.resolve("crashed-" + step));
      Files.write(crashed.resolve(TreeStore.FILE), withoutNewHeader(before, after));
      int found = steps(crashed);
      assertThat(found).as("step %s with %s", step, seed).isBetween(step - 1, step);
      assertThat(steps(crashed)).as("step %s again with %s", step, seed).isEqualTo(found);
      if (random.nextInt(20) == 0) {
        store.close();
        store = open(living);
      }
    }
    store.close();
  }

  private static byte[] withoutNewHeader(byte[] before, byte[] after) {
    if (before.length < HEADER_BYTES) {
      return before;
    }
    // It is made shorter after the header was written.
    byte[] image = Arrays.copyOf(after, Math.max(before.length, after.length));
    System.arraycopy(before, 0, image, 0, HEADER_BYTES);
    if (before.length > after.length) {
      System.arraycopy(before, after.length, image, after.length, before.length - after.length);
    }
    return image;
  }

  /** One row that stays, and one that replaces another, so that chunks fall out of use. */
  private static void put(Store store, int step, Random random) {
    try (StoreBatch batch = store.batch()) {
      batch.put(store.keyspace("steps"), new byte[] {(byte) step}, new byte[100]);
      byte[] key = {(byte) random.nextInt(OTHER_KEYS)};
      batch.put(store.keyspace("others"), key, new byte[random.nextInt(20_000)]);
      store.write(batch);
    }
  }

  private static int steps(Path folder) {
    try (Store store = open(folder)) {
      Keyspace steps = store.keyspace("steps");
      try (StoreCursor rows = store.range(steps, KeyRange.all())) {
        int count = 0;
        while (rows.advance()) {
          count++;
        }
        return count;
      }
    }
  }

  private static Store open(Path folder) {
    MvstoreSettings defaults = MvstoreSettings.of(Settings.defaults(MvstoreSettings.ALL));
    return TreeStore.open(folder, defaults, Meters.none());
  }
}
