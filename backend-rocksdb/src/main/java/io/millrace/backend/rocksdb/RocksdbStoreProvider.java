package io.millrace.backend.rocksdb;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.store.Store;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.StoreProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes stores on RocksDB: fast, for any amount of data, with native code. */
public final class RocksdbStoreProvider implements StoreProvider {
  static final int FORMAT_VERSION = 1;

  /** What a crash while a database is being made leaves behind, before there is a CURRENT. */
  private static final Pattern UNFINISHED =
      Pattern.compile("LOCK|LOG.*|IDENTITY|MANIFEST-000001|000001\\.dbtmp|.*\\.log");

  /** For {@link java.util.ServiceLoader}. */
  public RocksdbStoreProvider() {}

  @Override
  public String name() {
    return "rocksdb";
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
    return RocksdbSettings.ALL;
  }

  @Override
  public Store open(Settings settings, ModuleContext context) {
    NativeLibrary.load();
    Path folder = context.folder();
    prepare(folder);
    return RocksdbStore.open(folder, RocksdbSettings.of(settings), context.meters());
  }

  /** Without the write-ahead log each force would write a file of its own. */
  @Override
  public Map<String, String> logSettings() {
    return Map.of(RocksdbSettings.WAL.key(), "true");
  }

  /** Makes the folder; refuses one whose files RocksDB would take for rubbish and remove. */
  private static void prepare(Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new CorruptionException(folder.toString(), "the store's folder is a file");
    }
    try {
      Files.createDirectories(folder);
      if (Files.exists(folder.resolve("CURRENT"))) {
        EndlessRecords.remove(folder);
        return;
      }
      try (Stream<Path> files = Files.list(folder)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> !UNFINISHED.matcher(name).matches())
            .findAny()
            .ifPresent(
                name -> {
                  throw new CorruptionException(
                      folder.toString(),
                      "there is a file "
                          + name
                          + " but no CURRENT, so this is no RocksDB store, or a damaged one; an index"
                          + " is built again when its folder is removed; a log has to be restored"
                          + " from a backup");
                });
      }
    } catch (IOException e) {
      throw new UnavailableException(
          "store-failed", "cannot use " + folder + " as the folder of a store: " + e, e);
    }
  }
}
