package io.millrace.log.file;

import io.millrace.api.log.Log;
import io.millrace.spi.LogProvider;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import java.util.List;
import java.util.function.Consumer;

/** Opens logs of segment files. */
public final class FileLogProvider implements LogProvider {
  @Override
  public String name() {
    return "file";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public int formatVersion() {
    return SegmentHeader.VERSION;
  }

  @Override
  public List<Setting<?>> settings() {
    return LogOptions.SETTINGS;
  }

  @Override
  public Log open(Settings settings, ModuleContext context) {
    return SegmentedLog.open(LogOptions.of(settings), context, new ChannelDisk());
  }

  @Override
  public Log openForReading(Settings settings, ModuleContext context, Consumer<String> repairs) {
    return SegmentedLog.open(
        LogOptions.of(settings), context, new ReadOnlyDisk(new ChannelDisk(), repairs));
  }
}
