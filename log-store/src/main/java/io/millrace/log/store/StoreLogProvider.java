package io.millrace.log.store;

import io.millrace.api.log.Log;
import io.millrace.spi.LogProvider;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.StoreProvider;
import java.util.List;

/** Makes logs that are kept in a store: one engine, one kind of files to look after. */
public final class StoreLogProvider implements LogProvider {
  /** For {@link java.util.ServiceLoader}. */
  public StoreLogProvider() {}

  @Override
  public String name() {
    return "store";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public int formatVersion() {
    return StoredRecords.FORMAT_VERSION;
  }

  @Override
  public List<Setting<?>> settings() {
    return LogOptions.SETTINGS;
  }

  @Override
  public List<Setting<?>> settings(Modules<StoreProvider> stores) {
    return LogOptions.settings(stores);
  }

  @Override
  public Log open(Settings settings, ModuleContext context) {
    return StoreLog.open(LogOptions.of(settings), new LogFolder(context, settings));
  }
}
