package io.millrace.view.reduce;

import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.ViewFactory;
import io.millrace.spi.ViewProvider;
import io.millrace.view.script.ScriptLimits;
import java.util.List;

/** Finds the module {@code reduce}: folds over a bucket's log, and aggregates of groups. */
public final class ReduceViewProvider implements ViewProvider {
  @Override
  public String name() {
    return "reduce";
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
    return ScriptLimits.SETTINGS;
  }

  @Override
  public ViewFactory open(Settings settings, ModuleContext context) {
    context.folds().requireUnique();
    return new ReduceViewFactory(
        ScriptLimits.of(settings, FoldState.MAX_STRING_CHARS), context.meters(), context.folds());
  }
}
