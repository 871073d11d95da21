package io.millrace.distribution;

import io.millrace.engine.plugin.Plugins;
import io.millrace.rest.RestSettings;
import io.millrace.spi.FoldProvider;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Modules;
import io.millrace.spi.Provider;
import io.millrace.spi.Setting;
import io.millrace.spi.StoreProvider;
import io.millrace.spi.TransportProvider;
import io.millrace.spi.ViewProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every setting that this server knows: its own, and those of the modules that were found.
 *
 * <p>Immutable.
 *
 * @param groups the settings by what stands before their keys, for example {@code
 *     millrace.log.file.}
 */
record SettingCatalogue(
    Modules<LogProvider> logs,
    Modules<StoreProvider> stores,
    Modules<ViewProvider> views,
    Modules<FoldProvider> folds,
    Modules<TransportProvider> transports,
    Map<String, List<Setting<?>>> groups) {

  /**
   * Finds the modules that {@code loader} sees, adds those of {@code plugins}, and asks each for
   * its settings.
   *
   * @throws io.millrace.spi.ModuleNotFoundException when two modules have the same name, whichever
   *     is chosen: their settings could not be told apart
   */
  static SettingCatalogue find(ClassLoader loader, Plugins plugins) {
    Modules<LogProvider> logs = Modules.find("log", LogProvider.class, loader).and(plugins.logs());
    Modules<StoreProvider> stores =
        Modules.find("store", StoreProvider.class, loader).and(plugins.stores());
    Modules<ViewProvider> views =
        Modules.find("view", ViewProvider.class, loader).and(plugins.views());
    Modules<FoldProvider> folds =
        Modules.find("fold", FoldProvider.class, loader).and(plugins.folds());
    Modules<TransportProvider> transports =
        Modules.find("transport", TransportProvider.class, loader).and(plugins.transports());
    List.of(logs, stores, views, folds, transports).forEach(Modules::requireUnique);
    Map<String, List<Setting<?>>> groups = new TreeMap<>();
    groups.put(ServerSettings.PREFIX, ServerSettings.declared());
    groups.put(ServerSettings.HTTP_PREFIX, RestSettings.declared());
    logs.all()
        .forEach(
            log -> groups.put(ServerSettings.LOG_PREFIX + log.name() + '.', log.settings(stores)));
    add(groups, ServerSettings.STORE_PREFIX, stores.all());
    add(groups, ServerSettings.VIEW_PREFIX, views.all());
    add(groups, ServerSettings.TRANSPORT_PREFIX, transports.all());
    return new SettingCatalogue(logs, stores, views, folds, transports, groups);
  }

  private static void add(
      Map<String, List<Setting<?>>> groups, String prefix, List<? extends Provider> providers) {
    providers.forEach(provider -> groups.put(prefix + provider.name() + '.', provider.settings()));
  }

  /** All keys in full. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    groups.forEach(
        (prefix, settings) -> settings.forEach(setting -> keys.add(prefix + setting.key())));
    return keys;
  }
}
