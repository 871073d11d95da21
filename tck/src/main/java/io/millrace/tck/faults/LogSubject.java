package io.millrace.tck.faults;

import io.millrace.spi.LogProvider;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A log that forces every batch, as its default is. */
final class LogSubject implements Subject {
  static final String KIND = "log";

  private final String provider;
  private final Map<String, String> settings;

  // Found once, since finding takes file handles.
  private final Modules<StoreProvider> stores;
  private final LogProvider found;

  LogSubject(String provider, Map<String, String> settings) {
    this.provider = provider;
    this.settings = Map.copyOf(settings);
    ClassLoader loader = LogSubject.class.getClassLoader();
    stores = Modules.find("store", StoreProvider.class, loader);
    found = Modules.find("log", LogProvider.class, loader).named(provider);
  }

  @Override
  public List<String> arguments() {
    return Subject.arguments(KIND, provider, settings);
  }

  @Override
  public boolean acknowledgesEachBatch() {
    return true;
  }

  @Override
  public Session open(Path folder) {
    // The identity of a log is random; everything else about it follows from what is written.
    return new LogSession(
        found.open(
            Settings.parse("", found.settings(stores), settings),
            new ModuleContext(folder, Clock.systemUTC(), new Random(), Meters.none(), stores)));
  }
}
