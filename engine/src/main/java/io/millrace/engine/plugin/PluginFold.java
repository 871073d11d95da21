package io.millrace.engine.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.document.Change;
import io.millrace.spi.FoldProvider;

/** A fold of a plug-in. */
final class PluginFold extends PluginProvider<FoldProvider> implements FoldProvider {
  PluginFold(Plugin plugin, FoldProvider own) {
    super(plugin, own);
  }

  @Override
  public JsonNode initial() {
    return plugin.call("asking its fold '" + name() + "' for the initial state", own::initial);
  }

  /** Called as it is, for every change. */
  @Override
  public JsonNode apply(JsonNode state, Change change) {
    return own.apply(state, change);
  }
}
