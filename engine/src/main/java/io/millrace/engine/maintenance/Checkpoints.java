package io.millrace.engine.maintenance;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.engine.record.BinaryReader;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a store that name the log they were computed from: the checkpoint of the index, and
 * one of each build of a view. All of them begin with the incarnation, in 16 bytes ({@code
 * docs/formats/index.md}).
 */
final class Checkpoints {
  static final String META = "meta";
  static final String VIEWS = "views";
  static final byte[] INDEX_KEY = {'c'};
  static final byte[] HIDDEN_KEY = {'h'};
  private static final int INCARNATION_BYTES = 16;

  private Checkpoints() {}

  /** Turns every checkpoint of {@code former} into one of {@code next}, in one step. */
  static void adopt(Store store, Incarnation former, Incarnation next) {
    Keyspace meta = store.keyspace(META);
    Keyspace views = store.keyspace(VIEWS);
    try (StoreBatch batch = store.batch();
        StoreCursor rows = store.range(views, KeyRange.all())) {
      byte[] index = store.get(meta, INDEX_KEY);
      if (index != null) {
        adopt(batch, meta, INDEX_KEY, index, former, next);
      }
      while (rows.advance()) {
        adopt(batch, views, rows.key(), rows.value(), former, next);
      }
      store.write(batch);
    }
  }

  private static void adopt(
      StoreBatch batch,
      Keyspace keyspace,
      byte[] key,
      byte[] value,
      Incarnation former,
      Incarnation next) {
    if (former.equals(incarnation(value))) {
      ByteBuffer.wrap(value)
          .putLong(next.id().getMostSignificantBits())
          .putLong(next.id().getLeastSignificantBits());
      batch.put(keyspace, key, value);
    }
  }

  /** The incarnation that a checkpoint names; null for a row that is none, as the counter is. */
  static @Nullable Incarnation incarnation(byte[] value) {
    if (value.length < INCARNATION_BYTES) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(value);
    return new Incarnation(new UUID(bytes.getLong(), bytes.getLong()));
  }

  /**
   * What is wrong with a row of the keyspace of views; null when nothing is.
   *
   * @param indexed the sequence of the index, beyond which no view can be
   */
  static @Nullable String viewFault(
      byte[] key, byte[] value, Incarnation incarnation, long indexed) {
    if (key.length == 0) {
      return value.length == Long.BYTES ? null : "the counter of builds has another length";
    }
    try {
      BinaryReader in = new BinaryReader("keyspace views", value);
      Incarnation known = new Incarnation(new UUID(in.int64(), in.int64()));
      in.revision(in.count(Integer.MAX_VALUE));
      in.varint();
      long position = in.varint();
      long reached = in.varint();
      in.octet();
      if (!known.equals(incarnation)) {
        return "the view belongs to another log";
      }
      return Math.max(position, reached) > indexed
          ? "the view is at " + position + ", ahead of the index at " + indexed
          : null;
    } catch (CorruptionException e) {
      return "the checkpoint of a view is damaged: " + e.getMessage();
    }
  }
}
