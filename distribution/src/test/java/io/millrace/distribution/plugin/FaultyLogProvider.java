package io.millrace.distribution.plugin;

import io.millrace.api.log.Log;
import io.millrace.spi.LogProvider;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import java.util.List;

/** The log in files, whose appends and reads ask the test what is to become of them. */
public final class FaultyLogProvider implements LogProvider {
  /** What chooses this module. */
  public static final String NAME = "faulty";

  private static final Setting<Long> CONTROL =
      Setting.number("control", "The port on which the test answers.", 1, 1, 65_535);

  /** For {@link java.util.ServiceLoader}. */
  public FaultyLogProvider() {}

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
    return 0;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(CONTROL);
  }

  @Override
  public Log open(Settings settings, ModuleContext context) {
    LogProvider files = files();
    return new FaultyLog(
        files.open(Settings.defaults(files.settings()), context),
        Math.toIntExact(settings.get(CONTROL)));
  }

  /** The provider whose classes were put into this plug-in; that of the server is out of sight. */
  private static LogProvider files() {
    try {
      return (LogProvider)
          Class.forName("io.millrace.log.file.FileLogProvider").getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the log in files is not in the plug-in", e);
    }
  }
}
