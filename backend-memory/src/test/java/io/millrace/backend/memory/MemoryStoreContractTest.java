package io.millrace.backend.memory;

import io.millrace.api.store.Store;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.tck.store.StoreFixture;
import io.millrace.tck.store.StoreTck;
import io.millrace.tck.store.StoreWorkload;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;

final class MemoryStoreContractTest extends StoreTck {
  @Override
  protected StoreFixture fixture(Path folder) {
    return new MemoryFixture(folder);
  }

  private record MemoryFixture(Path folder) implements StoreFixture {
    @Override
    public Store open() {
      MemoryStoreProvider provider = new MemoryStoreProvider();
      return provider.open(
          Settings.defaults(provider.settings()),
          new ModuleContext(folder, Clock.systemUTC(), new Random(1), Meters.none()));
    }

    @Override
    public Store openCheckpoint(Path checkpoint) {
      throw new IllegalStateException("there are no checkpoints");
    }

    @Override
    public void crash(StoreWorkload workload) {
      workload.run(open(), () -> {}); // and forget it
    }

    @Override
    public boolean survivesClose() {
      return false;
    }

    @Override
    public boolean survivesCrash() {
      return false;
    }

    @Override
    public boolean supportsCheckpoints() {
      return false;
    }
  }
}
