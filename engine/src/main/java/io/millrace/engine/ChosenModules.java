package io.millrace.engine;

import io.millrace.api.DatabaseInfo;
import io.millrace.api.log.Log;
import io.millrace.api.replication.Transport;
import io.millrace.api.store.Store;
import io.millrace.spi.FoldProvider;
import io.millrace.spi.LogProvider;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Provider;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import io.millrace.spi.TransportProvider;
import io.millrace.spi.ViewFactory;
import io.millrace.spi.ViewProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The modules that a database is made of, with their settings, which are checked at once. */
final class ChosenModules {
  private final MillraceBuilder options;
  private final Modules<LogProvider> logs;
  private final Modules<StoreProvider> stores;
  private final Modules<ViewProvider> views;
  private final Modules<FoldProvider> folds;
  private final Modules<TransportProvider> transports;
  private final LogProvider log;
  private final Settings logSettings;
  private final StoreProvider store;
  private final Settings storeSettings;
  private final @Nullable TransportProvider transport;
  private final Settings transportSettings;

  ChosenModules(MillraceBuilder options) {
    this.options = options;
    logs = options.logs();
    stores = options.stores();
    views = options.views();
    folds = options.folds();
    transports = options.transports();
    log = logs.named(options.logType);
    store = stores.named(options.storeType);
    transport = options.transportType == null ? null : transports.named(options.transportType);
    logSettings =
        Settings.parse(
            "millrace.log." + options.logType + ".", log.settings(stores), options.logSettings);
    storeSettings =
        Settings.parse(
            "millrace.store." + options.storeType + ".", store.settings(), options.storeSettings);
    transportSettings =
        Settings.parse(
            "millrace.replication." + options.transportType + ".",
            transport == null ? List.of() : transport.settings(),
            options.transportSettings);
  }

  LogProvider log() {
    return log;
  }

  StoreProvider store() {
    return store;
  }

  Log openLog(Path folder) {
    return log.open(logSettings, context(folder));
  }

  Store openStore(Path folder) {
    return store.open(storeSettings, context(folder));
  }

  /** Opens the transport; null when none was chosen. */
  @Nullable Transport openTransport(Path folder) {
    return transport == null ? null : transport.open(transportSettings, context(folder));
  }

  /** Opens the factories of all kinds of views, by their names. */
  Map<String, ViewFactory> openViews(Path folder) {
    Set<String> unknown = new HashSet<>(options.viewSettings.keySet());
    Map<ViewProvider, Settings> chosen = new LinkedHashMap<>();
    for (ViewProvider provider : views.all()) {
      String type = provider.name();
      unknown.remove(type);
      Settings settings =
          Settings.parse(
              "millrace.view." + type + ".",
              provider.settings(),
              options.viewSettings.getOrDefault(type, Map.of()));
      chosen.put(views.named(type), settings);
    }
    unknown.forEach(views::named);
    // Nothing is opened before everything is checked, since nobody would close it.
    Map<String, ViewFactory> factories = new HashMap<>();
    chosen.forEach(
        (provider, settings) ->
            factories.put(provider.name(), provider.open(settings, context(folder))));
    return factories;
  }

  private ModuleContext context(Path folder) {
    return new ModuleContext(folder, options.clock, options.random, options.meters, stores, folds);
  }

  /** All modules that were found, for operators. */
  List<DatabaseInfo.Module> infos() {
    List<DatabaseInfo.Module> infos = new ArrayList<>();
    add(infos, logs, Set.of(log.name()));
    add(infos, stores, Set.of(store.name()));
    for (Modules<?> all : List.of(views, folds)) {
      add(infos, all, all.all().stream().map(Provider::name).collect(Collectors.toSet()));
    }
    add(infos, transports, transport == null ? Set.of() : Set.of(transport.name()));
    return List.copyOf(infos);
  }

  private static void add(List<DatabaseInfo.Module> infos, Modules<?> found, Set<String> chosen) {
    for (Modules.Found<?> module : found.found()) {
      Provider provider = module.provider();
      infos.add(
          new DatabaseInfo.Module(
              found.kind(),
              provider.name(),
              provider.version(),
              provider.formatVersion(),
              module.origin(),
              chosen.contains(provider.name())));
    }
  }
}
