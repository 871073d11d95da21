package io.millrace.log.file;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A batch on its way into the log.
 *
 * @param bytes the size of its frames
 */
record PendingAppend(List<byte[]> records, long bytes, CompletableFuture<Long> answer) {}
