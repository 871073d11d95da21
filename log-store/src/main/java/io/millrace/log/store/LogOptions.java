package io.millrace.log.store;

import io.millrace.spi.Modules;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The settings of one log, checked.
 *
 * @param sync when the store is flushed
 * @param store the name of the store's module
 * @param queueBytes the most bytes of appends that wait to be written; one append may exceed it
 * @param maxRecordBytes the longest record
 */
record LogOptions(SyncPolicy sync, String store, long queueBytes, int maxRecordBytes) {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  private static final Setting<SyncPolicy> SYNC =
      new Setting<>(
          "sync",
          "When appended records are forced to disk: before each answer, at an interval, or when"
              + " the store sees fit",
          "always",
          "always, os, or a duration from 1ms to 1h, such as 100ms",
          true,
          SyncPolicy::parse);
  private static final Setting<String> TYPE =
      new Setting<>(
              "type",
              "The store module that keeps the log",
              "rocksdb",
              "the name of a store module that is installed",
              true,
              LogOptions::parseName)
          .fixed();
  private static final Setting<Long> QUEUE_BYTES =
      Setting.size(
          "queue-bytes",
          "How many bytes of appends may wait to be written",
          "64MiB",
          KIB,
          1024 * MIB);
  private static final Setting<Long> MAX_RECORD_SIZE =
      Setting.size("max-record-size", "The longest record", "128MiB", 1, 128 * MIB);

  static final List<Setting<?>> SETTINGS = List.of(SYNC, TYPE, QUEUE_BYTES, MAX_RECORD_SIZE);

  static LogOptions of(Settings settings) {
    return new LogOptions(
        settings.get(SYNC),
        settings.get(TYPE),
        settings.get(QUEUE_BYTES),
        Math.toIntExact(settings.get(MAX_RECORD_SIZE)));
  }

  /** These settings, and under its name those of each store that it leaves to the operator. */
  static List<Setting<?>> settings(Modules<StoreProvider> stores) {
    List<Setting<?>> all = new ArrayList<>(SETTINGS);
    for (StoreProvider store : stores.all()) {
      Map<String, String> given = store.logSettings();
      for (Setting<?> setting : store.settings()) {
        if (!given.containsKey(setting.key())) {
          all.add(renamed(setting, store.name() + '.' + setting.key()));
        }
      }
    }
    return List.copyOf(all);
  }

  private static <T> Setting<T> renamed(Setting<T> setting, String key) {
    return new Setting<>(
        key,
        setting.meaning(),
        setting.defaultText(),
        setting.allowed(),
        setting.changeable(),
        setting.parser());
  }

  private static String parseName(String text) {
    if (!text.matches("[a-z0-9-]{1,64}")) {
      throw new IllegalArgumentException("not a name");
    }
    return text;
  }
}
