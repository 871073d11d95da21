package io.millrace.benchmarks;

import io.millrace.api.log.Log;
import io.millrace.api.store.Store;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Provider;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import io.millrace.spi.ViewFactory;
import io.millrace.spi.ViewProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Opens modules by name in a temporary folder that {@link #close} removes.
 *
 * <p>The folder is made where {@code java.io.tmpdir} says; it must be on the disk that is to be
 * measured. For one thread.
 */
final class ModuleFixture implements AutoCloseable {
  private static final long SEED = 20_240_229;

  private final TemporaryFolder folder = TemporaryFolder.create("millrace-benchmark-");
  private final RandomGenerator random = new Random(SEED);
  private int opened;

  /** Opens a new, empty log; {@code sync} is given to those that can force. */
  Log log(String name, String sync) {
    LogProvider provider = find("log", LogProvider.class, name);
    boolean forces = provider.settings().stream().anyMatch(setting -> setting.key().equals("sync"));
    return provider.open(
        Settings.parse(
            "millrace.log." + name + ".",
            provider.settings(),
            forces ? Map.of("sync", sync) : Map.of()),
        context());
  }

  /** Opens a new, empty store. */
  Store store(String name) {
    StoreProvider provider = find("store", StoreProvider.class, name);
    return provider.open(Settings.defaults(provider.settings()), context());
  }

  /** Opens a view module. */
  ViewFactory views(String name) {
    ViewProvider provider = find("view", ViewProvider.class, name);
    return provider.open(Settings.defaults(provider.settings()), context());
  }

  private static <P extends Provider> P find(String kind, Class<P> type, String name) {
    return Modules.find(kind, type, ModuleFixture.class.getClassLoader()).named(name);
  }

  private ModuleContext context() {
    try {
      Path parent = Files.createDirectory(folder.path().resolve(Integer.toString(opened++)));
      return new ModuleContext(parent.resolve("module"), Clock.systemUTC(), random, Meters.none());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    folder.close();
  }
}
