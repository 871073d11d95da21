package com.example.mvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.spi.Meters;
import io.millrace.spi.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this store promises beyond the contract. */
final class TreeStoreTest {
  @TempDir Path folder;

  private Store open() {
    MvstoreSettings defaults = MvstoreSettings.of(Settings.defaults(MvstoreSettings.ALL));
    return TreeStore.open(folder, defaults, Meters.none());
  }

  private static void fill(Store store, Keyspace rows) {
    for (int i = 0; i < 200; i++) {
      try (StoreBatch batch = store.batch()) {
        batch.put(rows, new byte[] {(byte) i}, new byte[50_000]);
        store.write(batch);
      }
    }
  }

  @Test
  void interruptedReaderDoesNotCloseTheFileForOthers() {
    try (Store store = open()) {
      fill(store, store.keyspace("rows"));
    }
    try (Store store = open()) {
      Keyspace rows = store.keyspace("rows");
      Thread.currentThread().interrupt();
      assertThat(store.get(rows, new byte[] {1})).hasSize(50_000);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(store.get(rows, new byte[] {2})).hasSize(50_000);
    }
  }

  @Test
  void spaceOfReplacedRowsIsUsedAgain() {
    try (Store store = open()) {
      Keyspace rows = store.keyspace("rows");
      fill(store, rows);
      store.flush();
      long once = store.sizeBytes();
      for (int round = 0; round < 10; round++) {
        fill(store, rows);
      }
      store.flush();
      assertThat(store.sizeBytes()).isLessThan(5 * once);
    }
  }

  @Test
  void fileThatIsNoneOfOursIsReportedAsDamaged() throws IOException {
    byte[] rubbish = new byte[100_000];
    Arrays.fill(rubbish, (byte) 'x');
    Files.write(folder.resolve(TreeStore.FILE), rubbish);
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(TreeStore.FILE);
  }
}
