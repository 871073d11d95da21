package io.millrace.tck.faults;

import io.millrace.api.store.Store;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.StoreProvider;
import java.util.List;

/** Makes stores in one file. */
public final class OneFileStoreProvider implements StoreProvider {
  static final String NAME = "one-file-store";

  /** For {@link java.util.ServiceLoader}. */
  public OneFileStoreProvider() {}

  @Override
  public String name() {
    return NAME;
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
    return Flaw.SETTINGS;
  }

  @Override
  public Store open(Settings settings, ModuleContext context) {
    return new OneFileStore(RecordFile.open(context.folder(), settings.get(Flaw.SETTING)));
  }
}
