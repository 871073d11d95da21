package io.millrace.backend.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.log.Log;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MemoryProvidersTest {
  private final ModuleContext context =
      new ModuleContext(Path.of("unused"), Clock.systemUTC(), new Random(1), Meters.none());

  @Test
  void logProviderIsFoundByItsName() {
    LogProvider provider =
        Modules.find("log", LogProvider.class, getClass().getClassLoader()).named("memory");
    assertThat(provider.formatVersion()).isZero();
    try (Log log = provider.open(Settings.defaults(provider.settings()), context)) {
      assertThat(log.maxRecordBytes()).isEqualTo(64 << 20);
      assertThat(log.incarnation().id().version()).isEqualTo(4);
      assertThat(log.incarnation().id().variant()).isEqualTo(2);
    }
  }

  @Test
  void storeProviderIsFoundByItsName() {
    StoreProvider provider =
        Modules.find("store", StoreProvider.class, getClass().getClassLoader()).named("memory");
    assertThat(provider.formatVersion()).isZero();
    try (Store store = provider.open(Settings.defaults(provider.settings()), context)) {
      assertThat(store.keyspaces()).isEmpty();
    }
  }

  @Test
  void rowsInKeyOrderDoNotMakeTheTreeDeep() {
    try (Store store = new MemoryStoreProvider().open(Settings.defaults(List.of()), context);
        StoreBatch batch = store.batch()) {
      Keyspace rows = store.keyspace("rows");
      for (int i = 0; i < 300_000; i++) {
        batch.put(rows, String.format("%08d", i).getBytes(StandardCharsets.UTF_8), new byte[] {1});
      }
      store.write(batch);
      assertThat(store.sizeBytes()).isEqualTo(300_000 * (Long.BYTES + 8L + 1));
    }
  }
}
