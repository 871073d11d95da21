package io.millrace.engine.index;

import io.millrace.api.log.Incarnation;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import io.millrace.engine.log.NearbyRecords;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.BinaryReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The index of all documents, as far as the log was indexed: five keyspaces of the store, and the
 * buckets in memory.
 *
 * <p>Written through {@link IndexUpdate} by one thread at a time, read by anyone.
 */
public final class DocumentIndex {
  static final byte[] CHECKPOINT = {'c'};
  static final byte[] HIDDEN = {'h'};
  static final byte BUCKET = 'b';
  static final byte DEFINITION = 'q';
  static final byte PURGE = 'p';
  static final byte FORGOTTEN = 'f';

  private static final byte[] NO_VALUE = {};

  /** How many changes are few, if a bucket has twice as many documents. */
  private static final int FEW = 10_000;

  private static final Comparator<String> BYTE_ORDER =
      (one, other) -> Arrays.compareUnsigned(utf8(one), utf8(other));

  private final Store store;
  private final Buckets buckets = new Buckets();
  final Keyspace documents;
  final Keyspace history;
  final Keyspace activity;
  final Keyspace latest;
  final Keyspace meta;

  /** Opens the index in {@code store}, empty if nothing is there. */
  public DocumentIndex(Store store) {
    this.store = store;
    documents = store.keyspace("documents");
    history = store.keyspace("history");
    activity = store.keyspace("activity");
    latest = store.keyspace("latest");
    meta = store.keyspace("meta");
    try (StoreCursor rows = store.range(meta, KeyRange.prefix(new byte[] {BUCKET}))) {
      while (rows.advance()) {
        int number = ByteBuffer.wrap(rows.key()).getInt(1);
        buckets.add(BucketState.decode(number, rows.value()));
      }
    }
  }

  /** What was purged and not taken out of the log yet. */
  public Purges purges() {
    return new Purges(store);
  }

  /**
   * The sequence of the newest purge in {@code bucket} that left no trace, so that nobody can be
   * told any more which document it was; 0 when there is none.
   */
  public long forgotten(int bucket) {
    byte[] row = store.get(meta, forgottenKey(bucket));
    return row == null ? 0 : new BinaryReader("keyspace meta, forgotten", row).varint();
  }

  /** How far the index has come; null when nothing was indexed. */
  public static @Nullable Checkpoint checkpoint(Store store) {
    byte[] row = store.get(store.keyspace("meta"), CHECKPOINT);
    return row == null ? null : Checkpoint.decode(row);
  }

  /**
   * The highest sequence of rows that were written before what makes them seen; 0 when there are no
   * such rows, as nearly always.
   */
  public static long hidden(Store store) {
    byte[] row = store.get(store.keyspace("meta"), HIDDEN);
    return row == null ? 0 : new BinaryReader("keyspace meta, hidden rows", row).varint();
  }

  /** Notes that no rows are hidden any more. */
  public static void nothingHidden(Store store) {
    try (var batch = store.batch()) {
      batch.delete(store.keyspace("meta"), HIDDEN);
      store.write(batch);
    }
  }

  /** Notes that the index belongs to {@code incarnation}, before anything is indexed. */
  public static void adopt(Store store, Incarnation incarnation) {
    try (var batch = store.batch()) {
      batch.put(store.keyspace("meta"), CHECKPOINT, new Checkpoint(incarnation, 0, 0).encode());
      store.write(batch);
    }
  }

  /** The store beneath. */
  public Store store() {
    return store;
  }

  /** The buckets. */
  public Buckets buckets() {
    return buckets;
  }

  /** The row of a document; null when there is none. */
  public @Nullable DocumentRow row(int bucket, String id) {
    return row(store, bucket, id);
  }

  /** The row of a document as {@code reader} sees it; null when there is none. */
  public @Nullable DocumentRow row(StoreReader reader, int bucket, String id) {
    byte[] row = reader.get(documents, Keys.document(bucket, utf8(id)));
    return row == null ? null : DocumentRow.decode(row);
  }

  /** The rows of documents, in the order of {@code ids}, null for those that are not there. */
  public List<@Nullable DocumentRow> rows(int bucket, List<String> ids) {
    return rows(ids.stream().map(id -> new DocumentKey(bucket, id)).toList());
  }

  /** The rows of documents, in the order of {@code keys}, null where there is none. */
  public List<@Nullable DocumentRow> rows(List<DocumentKey> keys) {
    List<byte[]> wanted = new ArrayList<>(keys.size());
    for (DocumentKey key : keys) {
      wanted.add(Keys.document(key.bucket(), utf8(key.id())));
    }
    List<@Nullable DocumentRow> rows = new ArrayList<>(keys.size());
    for (byte[] row : store.getAll(documents, wanted)) {
      rows.add(row == null ? null : DocumentRow.decode(row));
    }
    return rows;
  }

  /**
   * Which changes are part of their documents' history: a change that was purged is not, even while
   * the log still has it.
   *
   * @param keys the documents
   * @param sequences of the changes, one for each document
   */
  public boolean[] inHistory(List<DocumentKey> keys, long[] sequences) {
    List<byte[]> wanted = new ArrayList<>(keys.size());
    for (int i = 0; i < sequences.length; i++) {
      wanted.add(Keys.history(keys.get(i).bucket(), utf8(keys.get(i).id()), sequences[i]));
    }
    List<byte @Nullable []> rows = store.getAll(history, wanted);
    boolean[] present = new boolean[sequences.length];
    for (int i = 0; i < present.length; i++) {
      present[i] = rows.get(i) != null;
    }
    return present;
  }

  /**
   * Whether no document of {@code bucket} has an id as high as {@code id}, so that there is nothing
   * to look for. It is true of most new documents whose ids follow the time or come sorted, and
   * costs no look into the store. For the writer's thread.
   */
  boolean isBeyondAll(BucketState bucket, byte[] id) {
    return Arrays.compareUnsigned(id, greatestId(bucket)) > 0;
  }

  /** Remembers that {@code bucket} has, or will have, a document called {@code id}. */
  void remember(BucketState bucket, byte[] id) {
    if (isBeyondAll(bucket, id)) {
      bucket.greatestId(id);
    }
  }

  private byte[] greatestId(BucketState bucket) {
    byte[] known = bucket.greatestId();
    if (known == null) {
      known = new byte[0];
      try (Cursor<Listed> last = documents(bucket.number(), known, null, true)) {
        if (last.advance()) {
          known = utf8(last.current().id());
        }
      }
      bucket.greatestId(known);
    }
    return known;
  }

  /** What a document was right after {@code sequence}; null when there was none. */
  public @Nullable PastState stateAt(int bucket, String id, long sequence) {
    byte[] utf8 = utf8(id);
    byte[] from = Keys.history(bucket, utf8, 0);
    byte[] to = Keys.history(bucket, utf8, sequence == Long.MAX_VALUE ? sequence : sequence + 1);
    try (StoreCursor rows = store.range(history, KeyRange.between(from, to).reversed(true))) {
      return rows.advance()
          ? new PastState(Keys.sequenceAtEnd(rows.key()), HistoryRow.decode(rows.value()))
          : null;
    }
  }

  /** The history row of exactly this change; null when there is none. */
  public @Nullable HistoryRow history(int bucket, String id, long sequence) {
    byte[] row = store.get(history, Keys.history(bucket, utf8(id), sequence));
    return row == null ? null : HistoryRow.decode(row);
  }

  /** All history rows of a document, by their sequences. */
  SortedMap<Long, HistoryRow> historyOf(int bucket, String id) {
    SortedMap<Long, HistoryRow> all = new TreeMap<>();
    byte[] utf8 = utf8(id);
    KeyRange range =
        KeyRange.between(Keys.history(bucket, utf8, 0), Keys.history(bucket, utf8, Long.MAX_VALUE));
    try (StoreCursor rows = store.range(history, range)) {
      while (rows.advance()) {
        all.put(Keys.sequenceAtEnd(rows.key()), HistoryRow.decode(rows.value()));
      }
    }
    return all;
  }

  /** A document of a listing. */
  public record Listed(String id, DocumentRow row) {}

  /**
   * The documents of a bucket, live or not, in the byte order of their ids.
   *
   * @param from the lowest id, included; empty for no bound
   * @param to the first id beyond; null for no bound
   */
  public Cursor<Listed> documents(int bucket, byte[] from, byte @Nullable [] to, boolean reverse) {
    return documents(store, bucket, from, to, reverse);
  }

  /** The same as {@code reader} sees them; it must stay valid. */
  public Cursor<Listed> documents(
      StoreReader reader, int bucket, byte[] from, byte @Nullable [] to, boolean reverse) {
    StoreCursor rows = reader.range(documents, within(bucket, from, to, reverse));
    return new Cursor<>() {
      @Override
      public boolean advance() {
        return rows.advance();
      }

      @Override
      public Listed current() {
        return new Listed(Keys.documentId(rows.key()), DocumentRow.decode(rows.value()));
      }

      @Override
      public void close() {
        rows.close();
      }
    };
  }

  /** A document of a listing in the past. */
  public record ListedPast(String id, PastState state) {}

  /**
   * The documents of a bucket as they were right after {@code sequence}; otherwise as {@link
   * #documents}.
   */
  public Cursor<ListedPast> documentsAt(
      int bucket, byte[] from, byte @Nullable [] to, boolean reverse, long sequence) {
    return new PastCursor(
        new HistoryWalk(
            store.range(history, within(bucket, from, to, reverse)), -1, sequence, reverse));
  }

  /**
   * The documents whose winner at {@code from} is another one than at {@code to}, in the byte order
   * of their ids, those of the database itself included. Where few changes lie between the two, the
   * documents are looked up one by one; otherwise the history is walked over.
   *
   * @param before the life of the bucket at {@code from}; null when there was none
   * @param after the life of the bucket at {@code to}; null when there was none
   * @param records where the ids of changed documents are found
   */
  public ChangedBetween changedBetween(
      @Nullable BucketState before,
      long from,
      @Nullable BucketState after,
      long to,
      RecordReader records) {
    if (before != null && before == after) {
      long lower = Math.min(from, to);
      long upper = Math.max(from, to);
      SortedSet<String> few = fewChanged(before, lower, upper, records);
      return few == null
          ? new ChangedBetween.OfOneLife(walk(before, lower, upper), from > to)
          : new ChangedBetween.OfFew(this, before.number(), few.iterator(), from, to);
    }
    return new ChangedBetween.OfTwoLives(
        before == null ? null : walk(before, -1, from), after == null ? null : walk(after, -1, to));
  }

  /** The same between two sequences of one life, from a walk over the history in any case. */
  public ChangedBetween everyChangedBetween(BucketState bucket, long from, long to) {
    return new ChangedBetween.OfOneLife(
        walk(bucket, Math.min(from, to), Math.max(from, to)), from > to);
  }

  /** The documents changed beyond {@code lower} up to {@code upper}; null when they are many. */
  private @Nullable SortedSet<String> fewChanged(
      BucketState bucket, long lower, long upper, RecordReader records) {
    long most = Math.min(FEW, (bucket.documents() + bucket.deletedDocuments()) / 2);
    SortedSet<String> ids = new TreeSet<>(BYTE_ORDER);
    try (SequenceCursor rows = changes(bucket.number(), lower + 1, upper, false);
        NearbyRecords nearby = records.nearby()) {
      for (long count = 1; rows.advance(); count++) {
        if (count > most) {
          return null;
        }
        ids.add(nearby.change(rows.sequence()).id());
      }
    }
    return ids;
  }

  private HistoryWalk walk(BucketState bucket, long lower, long upper) {
    KeyRange all = within(bucket.number(), new byte[0], null, false);
    return new HistoryWalk(store.range(history, all), lower, upper, false);
  }

  private static KeyRange within(int bucket, byte[] from, byte @Nullable [] to, boolean reverse) {
    byte[] lowest = Keys.document(bucket, from);
    byte[] beyond =
        to == null ? KeyRange.successorOfPrefix(Keys.bucket(bucket)) : Keys.document(bucket, to);
    return new KeyRange(lowest, beyond, reverse);
  }

  private static final class PastCursor implements Cursor<ListedPast> {
    private final HistoryWalk walk;

    PastCursor(HistoryWalk walk) {
      this.walk = walk;
    }

    @Override
    public boolean advance() {
      return walk.advance();
    }

    @Override
    public ListedPast current() {
      return new ListedPast(new String(walk.id(), StandardCharsets.UTF_8), walk.upper());
    }

    @Override
    public void close() {
      walk.close();
    }
  }

  /** The sequences of all changes of a bucket from {@code first} to {@code last}. */
  public SequenceCursor changes(int bucket, long first, long last, boolean reverse) {
    return new SequenceCursor(store.range(activity, sequences(bucket, first, last, reverse)));
  }

  /**
   * The sequence of the newest change of each document of a bucket, as far as it lies between the
   * bounds, as {@code reader} sees it.
   */
  public SequenceCursor newestChanges(
      StoreReader reader, int bucket, long first, long last, boolean reverse) {
    return new SequenceCursor(reader.range(latest, sequences(bucket, first, last, reverse)));
  }

  /** The sequences of the changes of one document from {@code first} to {@code last}. */
  public SequenceCursor changesOf(int bucket, String id, long first, long last, boolean reverse) {
    byte[] utf8 = utf8(id);
    byte[] beyond =
        last == Long.MAX_VALUE
            ? Keys.history(bucket, utf8, last)
            : Keys.history(bucket, utf8, last + 1);
    return new SequenceCursor(
        store.range(history, new KeyRange(Keys.history(bucket, utf8, first), beyond, reverse)));
  }

  private static KeyRange sequences(int bucket, long first, long last, boolean reverse) {
    byte[] beyond =
        last == Long.MAX_VALUE
            ? KeyRange.successorOfPrefix(Keys.bucket(bucket))
            : Keys.sequence(bucket, last + 1);
    return new KeyRange(Keys.sequence(bucket, first), beyond, reverse);
  }

  /** The names of the queries defined in all buckets. */
  public Cursor<DefinedQuery> definitions() {
    StoreCursor rows = store.range(meta, KeyRange.prefix(new byte[] {DEFINITION}));
    return new Cursor<>() {
      @Override
      public boolean advance() {
        return rows.advance();
      }

      @Override
      public DefinedQuery current() {
        byte[] key = rows.key();
        return new DefinedQuery(
            ByteBuffer.wrap(key).getInt(1),
            new String(key, 5, key.length - 5, StandardCharsets.UTF_8));
      }

      @Override
      public void close() {
        rows.close();
      }
    };
  }

  /** A query that has a definition. */
  public record DefinedQuery(int bucket, String name) {}

  static byte[] noValue() {
    return NO_VALUE;
  }

  static byte[] bucketKey(int number) {
    return ByteBuffer.allocate(5).put(BUCKET).putInt(number).array();
  }

  static byte[] forgottenKey(int bucket) {
    return ByteBuffer.allocate(5).put(FORGOTTEN).putInt(bucket).array();
  }

  static byte[] definitionKey(int bucket, String name) {
    byte[] utf8 = utf8(name);
    return ByteBuffer.allocate(5 + utf8.length).put(DEFINITION).putInt(bucket).put(utf8).array();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
