package com.example.mvstore;

import io.millrace.api.store.Store;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.StoreProvider;
import java.util.List;

/** Makes stores that keep their rows in one file of H2's MVStore. */
public final class MvstoreProvider implements StoreProvider {
  @Override
  public String name() {
    return "mvstore";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public int formatVersion() {
    return 1;
  }

  @Override
  public List<Setting<?>> settings() {
    return MvstoreSettings.ALL;
  }

  @Override
  public Store open(Settings settings, ModuleContext context) {
    return TreeStore.open(context.folder(), MvstoreSettings.of(settings), context.meters());
  }
}
