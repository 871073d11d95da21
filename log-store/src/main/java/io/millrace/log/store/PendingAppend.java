package io.millrace.log.store;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A batch on its way into the log.
 *
 * @param bytes about what it takes
 */
record PendingAppend(List<byte[]> records, long bytes, CompletableFuture<Long> answer) {}
