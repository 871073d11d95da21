package io.millrace.log.file;

import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import java.util.List;

/**
 * The settings of one log, checked.
 *
 * @param sync when records are forced
 * @param segmentBytes the size beyond which no batch is added to a segment; one batch may exceed it
 * @param queueBytes the most bytes of appends that wait to be written; one append may exceed it
 * @param maxRecordBytes the longest record
 * @param preallocateBytes how far ahead of the writing a segment is filled with zeros; 0 for not
 */
record LogOptions(
    SyncPolicy sync, long segmentBytes, long queueBytes, int maxRecordBytes, int preallocateBytes) {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;
  private static final int PREALLOCATE_BYTES = 16 << 20;

  private static final Setting<SyncPolicy> SYNC =
      new Setting<>(
          "sync",
          "When appended records are forced to disk: before each answer, at an interval, or when"
              + " the operating system sees fit",
          "always",
          "always, os, or a duration from 1ms to 1h, such as 100ms",
          true,
          SyncPolicy::parse);
  private static final Setting<Long> SEGMENT_SIZE =
      Setting.size(
          "segment-size", "The size at which a new segment is begun", "256MiB", KIB, 1024 * MIB);
  private static final Setting<Long> QUEUE_BYTES =
      Setting.size(
          "queue-bytes",
          "How many bytes of appends may wait to be written",
          "64MiB",
          KIB,
          1024 * MIB);
  private static final Setting<Long> MAX_RECORD_SIZE =
      Setting.size("max-record-size", "The longest record", "128MiB", 1, 128 * MIB);

  static final List<Setting<?>> SETTINGS =
      List.of(SYNC, SEGMENT_SIZE, QUEUE_BYTES, MAX_RECORD_SIZE);

  static LogOptions of(Settings settings) {
    SyncPolicy sync = settings.get(SYNC);
    return new LogOptions(
        sync,
        settings.get(SEGMENT_SIZE),
        settings.get(QUEUE_BYTES),
        Math.toIntExact(settings.get(MAX_RECORD_SIZE)),
        // Only a force that somebody waits for gains by a file that does not grow.
        sync.forcesEachGroup() ? PREALLOCATE_BYTES : 0);
  }
}
