package io.millrace.engine.maintenance;

import io.millrace.api.log.Log;
import io.millrace.api.store.Store;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What maintenance works with: the modules that are found, their settings, clock, randomness, and
 * who is told of the progress. For one thread.
 */
public final class Workshop {
  private static final int USUAL_TREE_DEPTH = 1_000;

  private final Clock clock;
  private final RandomGenerator random;
  private final Map<String, Map<String, String>> logSettings = new HashMap<>();
  private final Map<String, Map<String, String>> storeSettings = new HashMap<>();
  private Modules<LogProvider> logs;
  private Modules<StoreProvider> stores;
  private ProgressListener listener = (step, done, total, unit) -> {};
  private int treeDepth = USUAL_TREE_DEPTH;

  /**
   * With the modules that the loader of this class sees, and their defaults.
   *
   * @param random makes new identities
   */
  public Workshop(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
    ClassLoader loader = Workshop.class.getClassLoader();
    logs = Modules.find("log", LogProvider.class, loader);
    stores = Modules.find("store", StoreProvider.class, loader);
  }

  /** The modules to choose from, in place of those that were found. */
  public Workshop modules(Modules<LogProvider> theLogs, Modules<StoreProvider> theStores) {
    logs = theLogs;
    stores = theStores;
    return this;
  }

  /** The settings, as texts, with which logs of one type are opened. */
  public Workshop logSettings(String type, Map<String, String> settings) {
    logSettings.put(type, Map.copyOf(settings));
    return this;
  }

  /** The settings, as texts, with which stores of one type are opened. */
  public Workshop storeSettings(String type, Map<String, String> settings) {
    storeSettings.put(type, Map.copyOf(settings));
    return this;
  }

  /** How many revisions of each branch a tree keeps; must be what the server is told. */
  public Workshop treeDepth(int revisions) {
    treeDepth = revisions;
    return this;
  }

  /** Who is told of the progress. */
  public Workshop listener(ProgressListener theListener) {
    listener = theListener;
    return this;
  }

  int treeDepth() {
    return treeDepth;
  }

  ProgressListener listener() {
    return listener;
  }

  Instant now() {
    return clock.instant();
  }

  UUID randomUuid() {
    long high = random.nextLong() & ~0xf000L | 0x4000L;
    long low = random.nextLong() >>> 2 | Long.MIN_VALUE;
    return new UUID(high, low);
  }

  /** The module that wrote a log, or is to write one. */
  LogProvider logModule(String type) {
    return logs.named(type);
  }

  /** The module that wrote a store, or is to write one. */
  StoreProvider storeModule(String type) {
    return stores.named(type);
  }

  /** Opens a log, made if there is none. */
  Log openLog(LogProvider module, Path folder) {
    return module.open(settings(module), context(folder));
  }

  /** Opens a log that is there, for reading alone. */
  Log readLog(LogProvider module, Path folder, Consumer<String> repairs) {
    return module.openForReading(settings(module), context(folder), repairs);
  }

  /** Opens a store, made if there is none. */
  Store openStore(StoreProvider module, Path folder) {
    Settings settings =
        Settings.parse(
            "millrace.store." + module.name() + ".",
            module.settings(),
            storeSettings.getOrDefault(module.name(), Map.of()));
    return module.open(settings, context(folder));
  }

  private Settings settings(LogProvider module) {
    return Settings.parse(
        "millrace.log." + module.name() + ".",
        module.settings(stores),
        logSettings.getOrDefault(module.name(), Map.of()));
  }

  private ModuleContext context(Path folder) {
    return new ModuleContext(folder, clock, random, Meters.none(), stores);
  }
}
