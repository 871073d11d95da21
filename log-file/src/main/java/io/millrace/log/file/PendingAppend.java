package io.millrace.log.file;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A batch on its way into the log, or, without records, the wish that a new segment begins.
 *
 * @param bytes the size of its frames
 */
record PendingAppend(List<byte[]> records, long bytes, CompletableFuture<Long> answer) {
  static PendingAppend newSegment() {
    return new PendingAppend(List.of(), 0, new CompletableFuture<>());
  }

  boolean isNewSegment() {
    return records.isEmpty();
  }
}
