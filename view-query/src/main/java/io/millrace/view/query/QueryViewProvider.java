package io.millrace.view.query;

import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.ViewFactory;
import io.millrace.spi.ViewProvider;
import java.util.List;

/** Finds the module {@code query}: declared indexes, and a language of stages over them. */
public final class QueryViewProvider implements ViewProvider {
  @Override
  public String name() {
    return "query";
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
    return QueryLimits.SETTINGS;
  }

  @Override
  public ViewFactory open(Settings settings, ModuleContext context) {
    return new QueryFactory(QueryLimits.of(settings));
  }
}
