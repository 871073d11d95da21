package io.millrace.backend.xodus;

import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jetbrains.exodus.env.EnvironmentConfig;

/**
 * What an operator can set, read and checked.
 *
 * @param cacheBytes of the heap
 */
record XodusSettings(long cacheBytes, long fileBytes) {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  private static final Setting<Long> CACHE_SIZE =
      Setting.size(
          "cache-size",
          "Memory for pages read from disk; it is a part of the Java heap.",
          "32MiB",
          4 * MIB,
          64 * GIB);
  static final Setting<Long> FILE_SIZE =
      Setting.size(
          "file-size",
          "The size at which a new file is begun, in whole MiB; a value is at most half as long. An"
              + " existing store keeps its own.",
          "64MiB",
          8 * MIB,
          GIB);

  static final List<Setting<?>> ALL = List.of(CACHE_SIZE, FILE_SIZE);

  static XodusSettings of(Settings settings) {
    return new XodusSettings(settings.get(CACHE_SIZE), settings.get(FILE_SIZE) / MIB * MIB);
  }

  /** The same, with files as long as those that are there: their names depend on it. */
  XodusSettings forFilesIn(Path folder) throws IOException {
    List<Path> files = FileSums.logFiles(folder);
    if (files.isEmpty()) {
      return this;
    }
    long first = Files.size(files.get(0));
    long own = files.size() > 1 ? first : Math.max(fileBytes, (first + MIB - 1) / MIB * MIB);
    return new XodusSettings(cacheBytes, own);
  }

  /** The same for the library, with all that it would do on its own account turned off. */
  EnvironmentConfig config() {
    return new EnvironmentConfig()
        .setMemoryUsage(cacheBytes)
        .setLogFileSize(fileBytes / KIB)
        // A cache that is shared belongs to the first environment of the process that is opened.
        .setLogCacheShared(false)
        .setLogCacheUseSoftReferences(false)
        .setManagementEnabled(false)
        .setEnvGatherStatistics(false)
        // What is still open is closed by the store; nobody ends long snapshots behind its back.
        .setEnvCloseForcedly(true)
        .setEnvMonitorTxnsTimeout(0)
        .setEnvMonitorTxnsExpirationTimeout(0)
        .setLogDurableWrite(false)
        .setGcEnabled(true);
  }
}
