package io.millrace.log.file;

import io.millrace.spi.Meters;
import java.io.IOException;

/** What a log counts and measures. */
final class LogMeters {
  private final Meters.Counter appendedBytes;
  private final Meters.Distribution recordsPerGroup;
  private final Meters.Distribution batchesPerForce;
  private final Meters.Distribution forceNanos;

  /** Batches written since the last force; the appending thread and a force exclude each other. */
  private long unforcedBatches;

  LogMeters(Meters meters) {
    appendedBytes =
        meters.counter("log.append.bytes", "Bytes appended to the log, with what frames them");
    recordsPerGroup =
        meters.distribution(
            "log.append.records", "records", "Records that were written to the log together");
    batchesPerForce =
        meters.distribution(
            "log.batches.per.force", "batches", "Appends that one force made durable");
    forceNanos = meters.timer("log.force.duration", "How long forcing the log to disk took");
  }

  void written(long bytes, int records, int batches) {
    appendedBytes.add(bytes);
    recordsPerGroup.record(records);
    unforcedBatches += batches;
  }

  /** Forces {@code writer} and measures it. */
  void force(SegmentWriter writer, int moreBatches) throws IOException {
    long start = System.nanoTime();
    writer.force();
    forceNanos.record(System.nanoTime() - start);
    batchesPerForce.record(unforcedBatches + moreBatches);
    unforcedBatches = 0;
  }
}
