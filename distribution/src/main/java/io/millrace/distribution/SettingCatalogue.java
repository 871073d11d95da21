package io.millrace.distribution;

import io.millrace.rest.RestSettings;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Modules;
import io.millrace.spi.Provider;
import io.millrace.spi.Setting;
import io.millrace.spi.StoreProvider;
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
 * @param loader what found the modules
 * @param groups the settings by what stands before their keys, for example {@code
 *     millrace.log.file.}
 */
record SettingCatalogue(
    ClassLoader loader,
    Modules<LogProvider> logs,
    Modules<StoreProvider> stores,
    Modules<ViewProvider> views,
    Map<String, List<Setting<?>>> groups) {

  /** Finds the modules that {@code loader} sees and asks each for its settings. */
  static SettingCatalogue find(ClassLoader loader) {
    Modules<LogProvider> logs = Modules.find("log", LogProvider.class, loader);
    Modules<StoreProvider> stores = Modules.find("store", StoreProvider.class, loader);
    Modules<ViewProvider> views = Modules.find("view", ViewProvider.class, loader);
    Map<String, List<Setting<?>>> groups = new TreeMap<>();
    groups.put(ServerSettings.PREFIX, ServerSettings.declared());
    groups.put(ServerSettings.HTTP_PREFIX, RestSettings.declared());
    add(groups, ServerSettings.LOG_PREFIX, logs.all());
    add(groups, ServerSettings.STORE_PREFIX, stores.all());
    add(groups, ServerSettings.VIEW_PREFIX, views.all());
    return new SettingCatalogue(loader, logs, stores, views, groups);
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
