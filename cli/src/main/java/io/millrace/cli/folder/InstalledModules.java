package io.millrace.cli.folder;

import io.millrace.cli.console.Surroundings;
import io.millrace.engine.maintenance.ProgressListener;
import io.millrace.engine.maintenance.Workshop;
import io.millrace.engine.plugin.Plugins;
import io.millrace.spi.FoldProvider;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Modules;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import io.millrace.spi.ViewProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The modules of this installation, plug-ins included, and what the operator wrote about them.
 *
 * <p>Immutable.
 */
public record InstalledModules(
    Surroundings surroundings,
    Configuration configuration,
    Modules<LogProvider> logs,
    Modules<StoreProvider> stores,
    Modules<ViewProvider> views,
    Modules<FoldProvider> folds) {
  private static final String HOME = "MILLRACE_HOME";
  private static final String PLUGINS = "millrace.plugins";
  private static final String LOG_PREFIX = "millrace.log.";
  private static final String STORE_PREFIX = "millrace.store.";

  /** Under the same key and with the same default as the server has it. */
  private static final Setting<Long> TREE_DEPTH =
      Setting.number("documents.tree-depth", "See the server.", 1_000, 1, 1_000_000);

  /**
   * Finds them.
   *
   * @throws io.millrace.spi.ModuleNotFoundException when two have the same name
   * @throws io.millrace.spi.InvalidSettingException when a setting is unknown, or its value not
   *     allowed
   * @throws io.millrace.engine.plugin.PluginException when a plug-in is broken
   */
  public static InstalledModules find(Surroundings surroundings, Map<String, String> given) {
    Configuration configuration = Configuration.of(surroundings, given);
    ClassLoader loader = InstalledModules.class.getClassLoader();
    Plugins plugins = plugins(surroundings, configuration);
    Modules<LogProvider> logs = Modules.find("log", LogProvider.class, loader).and(plugins.logs());
    Modules<StoreProvider> stores =
        Modules.find("store", StoreProvider.class, loader).and(plugins.stores());
    Modules<ViewProvider> views =
        Modules.find("view", ViewProvider.class, loader).and(plugins.views());
    Modules<FoldProvider> folds =
        Modules.find("fold", FoldProvider.class, loader).and(plugins.folds());
    List.of(logs, stores, views, folds).forEach(Modules::requireUnique);
    InstalledModules installed =
        new InstalledModules(surroundings, configuration, logs, stores, views, folds);
    configuration.refuseUnknown(installed.keys());
    installed.refuseBadValues();
    return installed;
  }

  /** Those that the server would load, too. */
  private static Plugins plugins(Surroundings surroundings, Configuration configuration) {
    String home = surroundings.environment().getOrDefault(HOME, "");
    String folder = configuration.text(PLUGINS).orElse(Path.of(home, "plugins").toString());
    return Plugins.in(surroundings.folder().resolve(folder), PLUGINS);
  }

  /** Before a command begins, so that a bad value is never taken for bad data. */
  private void refuseBadValues() {
    treeDepth();
    for (LogProvider log : logs.all()) {
      Settings.parse(LOG_PREFIX + log.name() + '.', log.settings(stores), logSettings(log.name()));
    }
    for (StoreProvider store : stores.all()) {
      Settings.parse(
          STORE_PREFIX + store.name() + '.', store.settings(), storeSettings(store.name()));
    }
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>(List.of(PLUGINS, "millrace." + TREE_DEPTH.key()));
    logs.all().forEach(log -> add(keys, LOG_PREFIX + log.name(), log.settings(stores)));
    stores.all().forEach(store -> add(keys, STORE_PREFIX + store.name(), store.settings()));
    return keys;
  }

  private static void add(List<String> keys, String prefix, List<Setting<?>> settings) {
    settings.forEach(setting -> keys.add(prefix + '.' + setting.key()));
  }

  /** What maintenance works with. */
  public Workshop workshop(ProgressListener listener) {
    Workshop workshop =
        new Workshop(surroundings.clock(), surroundings.random())
            .modules(logs, stores)
            .treeDepth(treeDepth())
            .listener(listener);
    eachLog(workshop::logSettings);
    eachStore(workshop::storeSettings);
    return workshop;
  }

  int treeDepth() {
    Map<String, String> texts = configuration.texts("millrace.", List.of(TREE_DEPTH));
    return Math.toIntExact(Settings.parse("millrace.", List.of(TREE_DEPTH), texts).get(TREE_DEPTH));
  }

  /** The settings of the log called {@code type}, as texts. */
  Map<String, String> logSettings(String type) {
    return configuration.texts(LOG_PREFIX + type + '.', logs.named(type).settings(stores));
  }

  /** The settings of the store called {@code type}, as texts. */
  Map<String, String> storeSettings(String type) {
    return configuration.texts(STORE_PREFIX + type + '.', stores.named(type).settings());
  }

  private void eachLog(BiConsumer<String, Map<String, String>> taker) {
    logs.all().forEach(log -> taker.accept(log.name(), logSettings(log.name())));
  }

  private void eachStore(BiConsumer<String, Map<String, String>> taker) {
    stores.all().forEach(store -> taker.accept(store.name(), storeSettings(store.name())));
  }
}
