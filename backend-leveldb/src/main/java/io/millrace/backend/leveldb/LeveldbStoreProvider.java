package io.millrace.backend.leveldb;

import io.millrace.api.error.UnsupportedException;
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
import java.util.regex.Pattern;
import org.iq80.leveldb.DBFactory;

/** Makes stores on LevelDB: small and simple, with native code. */
public final class LeveldbStoreProvider implements StoreProvider {
  private static final int FORMAT_VERSION = 1;

  /** What a crash while a database is being made leaves behind, before there is a CURRENT. */
  private static final Pattern UNFINISHED =
      Pattern.compile("LOCK|LOG|LOG\\.old|MANIFEST-000001|000001\\.dbtmp|\\d+\\.log");

  /** For {@link java.util.ServiceLoader}. */
  public LeveldbStoreProvider() {}

  @Override
  public String name() {
    return "leveldb";
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
    return LeveldbSettings.ALL;
  }

  @Override
  public Store open(Settings settings, ModuleContext context) {
    DBFactory library = loadLibrary();
    Path folder = context.folder();
    FlatFolder.prepare(folder, "LevelDB", "CURRENT"::equals, UNFINISHED);
    LeveldbSettings own = LeveldbSettings.of(settings);
    return FlatStore.open(
        place -> LeveldbEngine.open(library, place, own),
        folder,
        "LevelDB",
        FORMAT_VERSION,
        context.meters());
  }

  private static DBFactory loadLibrary() {
    try {
      return NativeLibrary.factory();
    } catch (LinkageError e) {
      throw libraryMissing(e);
    }
  }

  static UnsupportedException libraryMissing(LinkageError cause) {
    return new UnsupportedException(
        "native-library-missing",
        "LevelDB's native library cannot be loaded on "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch")
            + "; it exists for Linux, macOS and Windows on x86, and is unpacked to java.io.tmpdir,"
            + " which must be writable and allow execution; on another platform choose another"
            + " store, such as rocksdb, or name a folder with a library of your own with"
            + " -Dlibrary.leveldbjni.path ("
            + firstLine(cause)
            + ")",
        cause);
  }

  private static String firstLine(LinkageError cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }
}
