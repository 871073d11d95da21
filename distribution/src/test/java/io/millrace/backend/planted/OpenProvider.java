package io.millrace.backend.planted;

import io.millrace.spi.Provider;
import io.millrace.spi.Setting;
import io.millrace.spi.SpiVersion;
import java.util.List;

/** A provider that somebody could extend. */
public class OpenProvider implements Provider {
  @Override
  public String name() {
    return "open";
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
    return List.of();
  }
}
