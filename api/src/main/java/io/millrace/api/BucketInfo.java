package io.millrace.api;

import java.time.Instant;

/**
 * What is known of a bucket.
 *
 * @param documents how many live documents it holds
 * @param deleted how many documents of it are deleted
 * @param sequence the sequence of its last change; of the sequence before its creation when nothing
 *     changed since
 * @param bytes of the bodies of its live documents
 * @param created when it was made
 */
public record BucketInfo(
    String name, long documents, long deleted, long sequence, long bytes, Instant created) {}
