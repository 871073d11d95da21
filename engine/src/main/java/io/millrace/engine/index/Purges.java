package io.millrace.engine.index;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.engine.record.BinaryReader;
import io.millrace.engine.record.BinaryWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * The purges whose documents are not wholly taken out of the log yet. Each has a row that names the
 * changes of its document; the row goes when the record of the purge itself has been erased, which
 * is the last thing to be erased of it.
 *
 * <p>Safe for use by many threads.
 */
public final class Purges {
  private static final int KEY_BYTES = 1 + Integer.BYTES + Long.BYTES;

  private final Store store;
  private final Keyspace meta;
  private final Keyspace documents;
  private final Keyspace history;
  private final Keyspace activity;
  private final Keyspace latest;

  /** Those of the index in {@code store}. */
  public Purges(Store store) {
    this.store = store;
    this.meta = store.keyspace("meta");
    this.documents = store.keyspace("documents");
    this.history = store.keyspace("history");
    this.activity = store.keyspace("activity");
    this.latest = store.keyspace("latest");
  }

  /**
   * A purge of one document.
   *
   * @param sequence of its change
   * @param changes the sequences of the changes that the document had and that are not erased yet,
   *     rising
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Pending(int bucket, long sequence, long[] changes) {}

  /**
   * Adds to {@code batch} the removal of all rows of a document, and the note of what they were.
   */
  void remove(StoreBatch batch, Transition purge, byte[] id) {
    int bucket = purge.change().bucket();
    batch.delete(documents, Keys.document(bucket, id));
    BinaryWriter note = new BinaryWriter(64);
    long before = 0;
    KeyRange changes =
        KeyRange.between(Keys.history(bucket, id, 0), Keys.history(bucket, id, purge.sequence()));
    try (StoreCursor rows = store.range(history, changes)) {
      while (rows.advance()) {
        long sequence = Keys.sequenceAtEnd(rows.key());
        batch.delete(history, rows.key());
        batch.delete(activity, Keys.sequence(bucket, sequence));
        note.varint(sequence - before);
        before = sequence;
      }
    }
    batch.put(meta, key(bucket, purge.sequence()), note.toBytes());
  }

  private static byte[] key(int bucket, long sequence) {
    return ByteBuffer.allocate(KEY_BYTES)
        .put(DocumentIndex.PURGE)
        .putInt(bucket)
        .putLong(sequence)
        .array();
  }

  /** Whether none is pending. */
  public boolean isEmpty() {
    try (StoreCursor rows = store.range(meta, KeyRange.prefix(new byte[] {DocumentIndex.PURGE}))) {
      return !rows.advance();
    }
  }

  /** All that are pending. */
  public List<Pending> pending() {
    List<Pending> found = new ArrayList<>();
    try (StoreCursor rows = store.range(meta, KeyRange.prefix(new byte[] {DocumentIndex.PURGE}))) {
      while (rows.advance()) {
        ByteBuffer key = ByteBuffer.wrap(rows.key());
        found.add(
            new Pending(key.getInt(1), key.getLong(1 + Integer.BYTES), changes(rows.value())));
      }
    }
    return found;
  }

  private static long[] changes(byte[] value) {
    BinaryReader in = new BinaryReader("keyspace meta, purges", value);
    List<Long> sequences = new ArrayList<>();
    long at = 0;
    while (in.remaining() > 0) {
      at += in.varint();
      sequences.add(at);
    }
    return sequences.stream().mapToLong(Long::longValue).toArray();
  }

  /**
   * Takes notice of what was erased: forgets those changes, and removes what is left of the purges
   * whose own records are. So the rows are what the log as it is now leads to.
   *
   * @param erased whether the record at a sequence is
   * @return how many purges are done with
   */
  public int settle(LongPredicate erased) {
    int settled = 0;
    for (Pending purge : pending()) {
      if (erased.test(purge.sequence())) {
        try (StoreBatch batch = store.batch()) {
          byte[] sequence = Keys.sequence(purge.bucket(), purge.sequence());
          batch.delete(activity, sequence);
          batch.delete(latest, sequence);
          batch.delete(meta, key(purge.bucket(), purge.sequence()));
          noteForgotten(batch, purge);
          store.write(batch);
        }
        settled++;
      } else {
        keepUnerased(purge, erased);
      }
    }
    return settled;
  }

  private void noteForgotten(StoreBatch batch, Pending purge) {
    byte[] key = DocumentIndex.forgottenKey(purge.bucket());
    byte[] row = store.get(meta, key);
    long before = row == null ? 0 : new BinaryReader("keyspace meta, forgotten", row).varint();
    if (purge.sequence() > before) {
      batch.put(meta, key, new BinaryWriter(9).varint(purge.sequence()).toBytes());
    }
  }

  private void keepUnerased(Pending purge, LongPredicate erased) {
    long[] left = LongStream.of(purge.changes()).filter(erased.negate()).toArray();
    if (left.length == purge.changes().length) {
      return;
    }
    BinaryWriter note = new BinaryWriter(64);
    long before = 0;
    for (long sequence : left) {
      note.varint(sequence - before);
      before = sequence;
    }
    try (StoreBatch batch = store.batch()) {
      batch.put(meta, key(purge.bucket(), purge.sequence()), note.toBytes());
      store.write(batch);
    }
  }

  /** The sequence of the first change of a document that is in the index; 0 when there is none. */
  public long firstChange(int bucket, String id) {
    byte[] utf8 = DocumentIndex.utf8(id);
    KeyRange changes =
        KeyRange.between(Keys.history(bucket, utf8, 0), Keys.history(bucket, utf8, Long.MAX_VALUE));
    try (StoreCursor rows = store.range(history, changes)) {
      return rows.advance() ? Keys.sequenceAtEnd(rows.key()) : 0;
    }
  }
}
