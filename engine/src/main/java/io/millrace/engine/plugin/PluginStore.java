package io.millrace.engine.plugin;

import io.millrace.api.store.Store;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import java.util.Map;

/** A store module of a plug-in. */
final class PluginStore extends PluginProvider<StoreProvider> implements StoreProvider {
  PluginStore(Plugin plugin, StoreProvider own) {
    super(plugin, own);
  }

  @Override
  public Map<String, String> logSettings() {
    return plugin.call(
        "asking " + own.getClass().getName() + " for its settings for a log", own::logSettings);
  }

  @Override
  public Store open(Settings settings, ModuleContext context) {
    return plugin.call("opening its store '" + name() + "'", () -> own.open(settings, context));
  }
}
