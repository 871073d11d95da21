package io.millrace.view.index.path;

import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.ViewFactory;
import io.millrace.spi.ViewProvider;
import java.util.List;

/** Finds the module {@code index}: views whose rows are made of the values at some paths. */
public final class IndexViewProvider implements ViewProvider {
  @Override
  public String name() {
    return "index";
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
    // What a document may make is fixed: a setting that changes would change rows.
    return List.of();
  }

  @Override
  public ViewFactory open(Settings settings, ModuleContext context) {
    return new IndexViewFactory();
  }
}
