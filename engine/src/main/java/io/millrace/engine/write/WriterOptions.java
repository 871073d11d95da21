package io.millrace.engine.write;

/**
 * The limits of a writer.
 *
 * @param autoCreateBuckets whether writing to a bucket makes it
 * @param maxBodyBytes the most bytes of one body
 * @param maxQueuedTasks how many writes may wait
 * @param maxQueuedBytes how many bytes may wait, roughly
 * @param maxBatchBytes how many bytes are appended together, roughly; one write of any size always
 *     is
 */
public record WriterOptions(
    boolean autoCreateBuckets,
    int maxBodyBytes,
    int maxQueuedTasks,
    long maxQueuedBytes,
    long maxBatchBytes) {}
