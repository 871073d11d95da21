package io.millrace.tck.faults;

import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import io.millrace.tck.store.StoreSteps;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A store, whose batches are {@link StoreSteps}. */
final class StoreSubject implements Subject {
  static final String KIND = "store";

  private final String provider;
  private final Map<String, String> settings;

  // Found once, since finding takes file handles.
  private final StoreProvider found;

  StoreSubject(String provider, Map<String, String> settings) {
    this.provider = provider;
    this.settings = Map.copyOf(settings);
    found =
        Modules.find("store", StoreProvider.class, StoreSubject.class.getClassLoader())
            .named(provider);
  }

  @Override
  public List<String> arguments() {
    return Subject.arguments(KIND, provider, settings);
  }

  @Override
  public boolean acknowledgesEachBatch() {
    return false;
  }

  @Override
  public Session open(Path folder) {
    return new StoreSession(
        found.open(
            Settings.parse("", found.settings(), settings),
            new ModuleContext(folder, Clock.systemUTC(), new Random(SEED), Meters.none())));
  }
}
