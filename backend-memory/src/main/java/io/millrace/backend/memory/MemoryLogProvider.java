package io.millrace.backend.memory;

import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.spi.LogProvider;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes logs in memory; each opening begins with an empty one, of a new incarnation. */
public final class MemoryLogProvider implements LogProvider {
  private static final Setting<Long> MAX_RECORD_SIZE =
      Setting.size(
          "max-record-size", "The most bytes that one record can hold.", "64MiB", 1, 1L << 30);

  /** For {@link java.util.ServiceLoader}. */
  public MemoryLogProvider() {}

  @Override
  public String name() {
    return "memory";
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
    return List.of(MAX_RECORD_SIZE);
  }

  @Override
  public Log open(Settings settings, ModuleContext context) {
    return new MemoryLog(
        new Incarnation(version4(context.random())), settings.get(MAX_RECORD_SIZE).intValue());
  }

  private static UUID version4(RandomGenerator random) {
    long high = random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000L;
    long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
