package io.millrace.view.js;

import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.ViewFactory;
import io.millrace.spi.ViewProvider;
import java.util.List;

/** Finds the module {@code js}: views whose rows a JavaScript function computes. */
public final class JsViewProvider implements ViewProvider {
  @Override
  public String name() {
    return "js";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public int formatVersion() {
    return 1;
  }

  @Override
  public List<Setting<?>> settings() {
    return JsLimits.SETTINGS;
  }

  @Override
  public ViewFactory open(Settings settings, ModuleContext context) {
    return new JsViewFactory(JsLimits.of(settings), context.meters());
  }
}
