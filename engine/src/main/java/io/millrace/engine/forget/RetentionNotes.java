package io.millrace.engine.forget;

import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import java.nio.ByteBuffer;

/**
 * How far the retention of each bucket was applied to the log, so that nothing is looked for twice.
 * Notes may be lost, or be older than the log: then more is looked at, and no more is forgotten.
 * They are no part of the index, which does not change by what they speak of.
 */
final class RetentionNotes {
  /** No bucket has the number 0. */
  private static final byte[] UNFINISHED = {0, 0, 0, 0};

  private static final byte[] NO_VALUE = {};

  private final Store store;
  private final Keyspace notes;

  RetentionNotes(Store store) {
    this.store = store;
    this.notes = store.keyspace("retention");
  }

  /** By what rule the bucket's log was gone through last. */
  Rule appliedTo(int bucket) {
    return Rule.decode(store.get(notes, key(bucket)));
  }

  /** Notes that the log was gone through, which must be durable. */
  void applied(int bucket, Rule rule) {
    put(key(bucket), rule.encode());
  }

  /** Whether a compaction began and did not end. */
  boolean unfinished() {
    return store.get(notes, UNFINISHED) != null;
  }

  void begin() {
    put(UNFINISHED, NO_VALUE);
  }

  void end() {
    try (StoreBatch batch = store.batch()) {
      batch.delete(notes, UNFINISHED);
      store.write(batch);
    }
  }

  private void put(byte[] key, byte[] value) {
    try (StoreBatch batch = store.batch()) {
      batch.put(notes, key, value);
      store.write(batch);
    }
  }

  private static byte[] key(int bucket) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(bucket).array();
  }
}
