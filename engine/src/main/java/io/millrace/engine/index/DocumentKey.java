package io.millrace.engine.index;

/**
 * A document by the number of its bucket.
 *
 * @param bucket the number
 * @param id the document within the bucket
 */
public record DocumentKey(int bucket, String id) {}
