package io.millrace.backend.xodus;

import io.millrace.api.store.Store;
import io.millrace.backend.flat.FlatFolder;
import io.millrace.backend.flat.FlatStore;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.StoreProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes stores on Xodus: no native code, for small databases. */
public final class XodusStoreProvider implements StoreProvider {
  private static final int FORMAT_VERSION = 1;

  /** What a crash while a database is being made leaves behind, before there is a log file. */
  private static final Pattern UNFINISHED =
      Pattern.compile("xd\\.lck|exodus\\.version|first|second|millrace\\.sums(\\.new)?");

  /** For {@link java.util.ServiceLoader}. */
  public XodusStoreProvider() {}

  @Override
  public String name() {
    return "xodus";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public int formatVersion() {
    return FORMAT_VERSION;
  }

  @Override
  public List<Setting<?>> settings() {
    return XodusSettings.ALL;
  }

  /** A value is at most half as long as a file, and records may be long. */
  @Override
  public Map<String, String> logSettings() {
    return Map.of(XodusSettings.FILE_SIZE.key(), "512MiB");
  }

  @Override
  public Store open(Settings settings, ModuleContext context) {
    Path folder = context.folder();
    FlatFolder.prepare(folder, "Xodus", name -> name.endsWith(".xd"), UNFINISHED);
    XodusSettings own = XodusSettings.of(settings);
    return FlatStore.open(
        place -> XodusEngine.open(place, own), folder, "Xodus", FORMAT_VERSION, context.meters());
  }
}
