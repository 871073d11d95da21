package io.millrace.backend.memory;

import io.millrace.api.store.Store;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.StoreProvider;
import java.util.List;

/** Makes stores in memory; each opening begins with an empty one. */
public final class MemoryStoreProvider implements StoreProvider {
  /** For {@link java.util.ServiceLoader}. */
  public MemoryStoreProvider() {}

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public int formatVersion() {
    return 0;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of();
  }

  @Override
  public Store open(Settings settings, ModuleContext context) {
    return new MemoryStore(context.random());
  }
}
