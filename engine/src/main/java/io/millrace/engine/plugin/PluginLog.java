package io.millrace.engine.plugin;

import io.millrace.api.log.Log;
import io.millrace.spi.LogProvider;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import java.util.List;
import java.util.function.Consumer;

/** A log module of a plug-in. */
final class PluginLog extends PluginProvider<LogProvider> implements LogProvider {
  PluginLog(Plugin plugin, LogProvider own) {
    super(plugin, own);
  }

  @Override
  public List<Setting<?>> settings(Modules<StoreProvider> stores) {
    return plugin.call("asking for the settings of its log", () -> own.settings(stores));
  }

  @Override
  public Log open(Settings settings, ModuleContext context) {
    return plugin.call("opening its log '" + name() + "'", () -> own.open(settings, context));
  }

  @Override
  public Log openForReading(Settings settings, ModuleContext context, Consumer<String> repairs) {
    return plugin.call(
        "opening its log '" + name() + "' for reading",
        () -> own.openForReading(settings, context, repairs));
  }
}
