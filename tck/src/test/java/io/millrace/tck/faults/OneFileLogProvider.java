package io.millrace.tck.faults;

import io.millrace.api.log.Log;
import io.millrace.spi.LogProvider;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import java.util.List;

/** Makes logs in one file. */
public final class OneFileLogProvider implements LogProvider {
  static final String NAME = "one-file-log";

  /** For {@link java.util.ServiceLoader}. */
  public OneFileLogProvider() {}

  @Override
  public String name() {
    return NAME;
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
    return Flaw.SETTINGS;
  }

  @Override
  public Log open(Settings settings, ModuleContext context) {
    return new OneFileLog(RecordFile.open(context.folder(), settings.get(Flaw.SETTING)));
  }
}
