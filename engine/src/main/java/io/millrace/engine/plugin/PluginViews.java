package io.millrace.engine.plugin;

import io.millrace.api.view.View;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.Finder;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import io.millrace.spi.ViewProvider;
import org.jspecify.annotations.Nullable;

/** A view module of a plug-in. */
final class PluginViews extends PluginProvider<ViewProvider> implements ViewProvider {
  PluginViews(Plugin plugin, ViewProvider own) {
    super(plugin, own);
  }

  @Override
  public ViewFactory open(Settings settings, ModuleContext context) {
    ViewFactory opened =
        plugin.call("opening its views '" + name() + "'", () -> own.open(settings, context));
    return new Factory(plugin, opened);
  }

  /**
   * The factory, called as code of the plug-in; its views, and its finder, are called as they are.
   */
  record Factory(Plugin plugin, ViewFactory own) implements ViewFactory {
    @Override
    public void validate(ViewDefinition definition) {
      plugin.inContext(
          () -> {
            own.validate(definition);
            return this;
          });
    }

    @Override
    public View open(ViewDefinition definition, ViewContext context) {
      return plugin.inContext(() -> own.open(definition, context));
    }

    @Override
    public @Nullable Finder finder() {
      return own.finder();
    }

    @Override
    public void close() {
      plugin.inContext(
          () -> {
            own.close();
            return this;
          });
    }
  }
}
