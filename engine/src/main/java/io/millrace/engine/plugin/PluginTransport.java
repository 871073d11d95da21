package io.millrace.engine.plugin;

import io.millrace.api.replication.Transport;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.spi.TransportProvider;

/** A transport module of a plug-in. */
final class PluginTransport extends PluginProvider<TransportProvider> implements TransportProvider {
  PluginTransport(Plugin plugin, TransportProvider own) {
    super(plugin, own);
  }

  @Override
  public Transport open(Settings settings, ModuleContext context) {
    return plugin.call("opening its transport '" + name() + "'", () -> own.open(settings, context));
  }

  @Override
  public KeyPair generateKeys() {
    return plugin.call("making keys for its transport '" + name() + "'", own::generateKeys);
  }
}
