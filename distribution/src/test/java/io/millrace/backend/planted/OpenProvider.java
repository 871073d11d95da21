package io.millrace.backend.planted;

import io.millrace.spi.Provider;
import io.millrace.spi.Setting;
import java.util.List;

/** A provider that somebody could extend. */
public class OpenProvider implements Provider {
  @Override
  public String name() {
    return "open";
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
