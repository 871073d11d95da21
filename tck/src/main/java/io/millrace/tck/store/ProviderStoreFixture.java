package io.millrace.tck.store;

import io.millrace.api.store.Store;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Random;

/**
 * A fixture for a provider that is found by name, for stores that keep everything in their folder.
 * A crash is the hard end of a child process.
 */
public class ProviderStoreFixture implements StoreFixture {
  private final String provider;
  private final Map<String, String> settings;
  private final Path folder;

  /**
   * @param provider the name by which the provider is found
   * @param folder for the store; its parent exists, it does not
   */
  public ProviderStoreFixture(String provider, Map<String, String> settings, Path folder) {
    this.provider = provider;
    this.settings = Map.copyOf(settings);
    this.folder = folder;
  }

  @Override
  public Store open() {
    return open(provider, settings, folder);
  }

  @Override
  public Store openCheckpoint(Path checkpoint) {
    return open(provider, settings, checkpoint);
  }

  @Override
  public void crash(StoreWorkload workload) {
    CrashingProcess.run(provider, settings, folder, workload);
  }

  static Store open(String provider, Map<String, String> settings, Path folder) {
    StoreProvider found =
        Modules.find("store", StoreProvider.class, ProviderStoreFixture.class.getClassLoader())
            .named(provider);
    return found.open(
        Settings.parse("", found.settings(), settings),
        new ModuleContext(folder, Clock.systemUTC(), new Random(1), Meters.none()));
  }
}
