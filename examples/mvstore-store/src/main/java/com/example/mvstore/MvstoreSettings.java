package com.example.mvstore;

import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import java.util.List;

/**
 * What an operator may choose.
 *
 * @param writeBufferBytes how many bytes of changes gather before they go to disk
 * @param cacheMebibytes memory for rows read from disk
 * @param compression one of {@code none}, {@code fast}, {@code high}
 */
record MvstoreSettings(long writeBufferBytes, int cacheMebibytes, String compression) {
  private static final Setting<Long> WRITE_BUFFER =
      Setting.size(
          "write-buffer-size",
          "Memory that gathers changes before they go to disk together.",
          "8MiB",
          1L << 10,
          1L << 30);

  private static final Setting<Long> CACHE =
      Setting.size(
          "cache-size", "Memory for what is read from disk.", "32MiB", 1L << 20, 64L << 30);

  private static final Setting<String> COMPRESSION =
      Setting.choice(
          "compression",
          "How rows are compressed on disk.",
          "none",
          List.of("none", "fast", "high"));

  /** What {@link MvstoreProvider#settings()} declares. */
  static final List<Setting<?>> ALL = List.of(WRITE_BUFFER, CACHE, COMPRESSION);

  static MvstoreSettings of(Settings settings) {
    return new MvstoreSettings(
        settings.get(WRITE_BUFFER), (int) (settings.get(CACHE) >> 20), settings.get(COMPRESSION));
  }
}
