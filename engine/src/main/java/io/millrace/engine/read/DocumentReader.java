package io.millrace.engine.read;

import io.millrace.api.DocumentRange;
import io.millrace.api.document.Body;
import io.millrace.api.document.Document;
import io.millrace.api.document.Revision;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Documents;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.index.HistoryRow;
import io.millrace.engine.index.PastState;
import io.millrace.engine.index.SequenceCursor;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.engine.revision.Leaf;
import io.millrace.spi.Meters;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Reads documents. Safe for use by many threads; every call may read from disk. */
public final class DocumentReader {
  private final DocumentIndex index;
  private final RecordReader records;
  private final ReadHorizon horizon;
  private final Meters.Counter read;

  /**
   * @param horizon is told what listings read
   */
  public DocumentReader(
      DocumentIndex index, RecordReader records, ReadHorizon horizon, Meters meters) {
    this.index = index;
    this.records = records;
    this.horizon = horizon;
    this.read = meters.counter("documents.read", "documents whose body was read");
  }

  /** The winner, a tombstone included. */
  public Optional<Document> winner(String bucket, String id, boolean withConflicts) {
    BucketState state = index.buckets().named(bucket);
    DocumentRow row = state == null ? null : index.row(state.number(), id);
    if (state == null || row == null) {
      return Optional.empty();
    }
    while (row != null) {
      Leaf winner = row.winner();
      List<Revision> conflicts = withConflicts ? row.leaves().conflicts() : List.of();
      try {
        return Optional.of(
            document(state, id, winner.sequence(), winner.revision(), conflicts, records::change));
      } catch (NotFoundException e) {
        // Superseded or purged, and forgotten, since its row was read: another one is there now.
        row = index.row(state.number(), id);
        if (row != null && row.winner().equals(winner)) {
          throw e;
        }
      }
    }
    return Optional.empty();
  }

  /** The state called {@code revision}; empty when it is not known with a body. */
  public Optional<Document> revision(String bucket, String id, Revision revision) {
    BucketState state = index.buckets().named(bucket);
    DocumentRow row = state == null ? null : index.row(state.number(), id);
    if (state == null || row == null) {
      return Optional.empty();
    }
    Leaf leaf = row.leaves().find(revision);
    long sequence = leaf == null ? sequenceOf(state, id, revision) : leaf.sequence();
    return sequence == 0
        ? Optional.empty()
        : Optional.of(document(state, id, sequence, revision, List.of(), records::change));
  }

  private long sequenceOf(BucketState bucket, String id, Revision revision) {
    try (SequenceCursor changes = index.changesOf(bucket.number(), id, 1, Long.MAX_VALUE, true)) {
      while (changes.advance()) {
        HistoryRow row = index.history(bucket.number(), id, changes.sequence());
        if (row != null && row.revision().equals(revision)) {
          return changes.sequence();
        }
      }
      return 0;
    }
  }

  /** The winner right after {@code sequence}, a tombstone included. */
  public Optional<Document> winnerAt(String bucket, String id, long sequence) {
    BucketState state = index.buckets().namedAt(bucket, sequence);
    PastState past = state == null ? null : index.stateAt(state.number(), id, sequence);
    if (state == null || past == null) {
      return Optional.empty();
    }
    return Optional.of(
        document(state, id, past.winnerSequence(), null, List.of(), records::change));
  }

  /** Whether the winner was a tombstone. */
  boolean isDeleted(PastState state) {
    return state.describesWinner()
        ? state.row().deleted()
        : records.change(state.winnerSequence()).deleted();
  }

  /**
   * The winner of {@code id} in {@code state}.
   *
   * @param changes where changes are read
   * @param bodies whether the body is read; otherwise it is empty, if that saves a look
   */
  Document winner(
      BucketState bucket,
      String id,
      PastState state,
      boolean bodies,
      LongFunction<StoredChange> changes) {
    if (bodies) {
      return document(bucket, id, state.winnerSequence(), null, List.of(), changes);
    }
    StoredChange winner = state.describesWinner() ? null : changes.apply(state.winnerSequence());
    return new Document(
        bucket.name(),
        id,
        winner == null ? state.row().revision() : winner.revision(),
        state.winnerSequence(),
        winner == null ? state.row().deleted() : winner.deleted(),
        Body.EMPTY,
        List.of());
  }

  /** The documents of one life of a bucket, for its views. */
  public Documents documents(BucketState bucket) {
    return new Documents() {
      @Override
      public @Nullable Document find(String id, StoreReader reader) {
        DocumentRow row = index.row(reader, bucket.number(), id);
        return row == null || !row.leaves().live() || id.startsWith("_")
            ? null
            : document(
                bucket,
                id,
                row.winner().sequence(),
                row.winner().revision(),
                List.of(),
                records::change);
      }

      @Override
      public Cursor<Document> range(KeyRange ids, StoreReader reader) {
        return ids.isEmpty()
            ? new NoDocuments()
            : present(
                bucket,
                true,
                Long.MAX_VALUE,
                index.documents(reader, bucket.number(), ids.from(), ids.to(), ids.reverse()),
                null);
      }
    };
  }

  /** Live documents in id order. */
  public Cursor<Document> list(String bucket, DocumentRange range) {
    boolean past = range.at() != DocumentRange.NOW;
    BucketState state =
        past ? index.buckets().namedAt(bucket, range.at()) : index.buckets().named(bucket);
    Bounds bounds = Bounds.of(range);
    if (state == null || bounds.empty()) {
      return new NoDocuments();
    }
    ReadHorizon.Held held = past ? horizon.hold(range.at()) : horizon.hold();
    try {
      return past
          ? past(
              state,
              range.bodies(),
              range.limit(),
              index.documentsAt(
                  state.number(), bounds.from(), bounds.to(), range.reverse(), range.at()),
              held)
          : present(
              state,
              range.bodies(),
              range.limit(),
              index.documents(state.number(), bounds.from(), bounds.to(), range.reverse()),
              held);
    } catch (RuntimeException | Error e) {
      held.close();
      throw e;
    }
  }

  /** The bounds of a range of ids as bytes; {@code to} is null for none. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Bounds(byte[] from, byte @Nullable [] to) {
    static Bounds of(DocumentRange range) {
      byte[] from = bytes(range.start());
      byte[] to = range.end() == null ? null : bytes(range.end());
      if (range.prefix() != null) {
        byte[] prefix = bytes(range.prefix());
        from = highest(from, prefix);
        to = lowest(to, KeyRange.successorOfPrefix(prefix));
      }
      if (range.after() != null) {
        byte[] after = bytes(range.after());
        if (range.reverse()) {
          to = lowest(to, after);
        } else {
          // Above the id itself and, in the history, above the zero byte that ends it; below every
          // longer id, since ids hold no control characters.
          byte[] beyond = Arrays.copyOf(after, after.length + 1);
          beyond[after.length] = 1;
          from = highest(from, beyond);
        }
      }
      return new Bounds(from, to);
    }

    boolean empty() {
      return to != null && Arrays.compareUnsigned(from, to) >= 0;
    }

    private static byte[] bytes(@Nullable String text) {
      return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] highest(byte[] one, byte[] other) {
      return Arrays.compareUnsigned(one, other) >= 0 ? one : other;
    }

    private static byte @Nullable [] lowest(byte @Nullable [] one, byte @Nullable [] other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return Arrays.compareUnsigned(one, other) <= 0 ? one : other;
    }
  }

  private Listing<DocumentIndex.Listed> present(
      BucketState bucket,
      boolean bodies,
      long limit,
      Cursor<DocumentIndex.Listed> rows,
      ReadHorizon.@Nullable Held held) {
    return new Listing<>(
        rows,
        listed -> {
          Leaf winner = listed.row().winner();
          return winner.deleted()
              ? null
              : new ListedWinner(listed.id(), winner.sequence(), winner.revision(), bodies);
        },
        records.ahead(),
        bucket,
        bodies,
        this,
        limit,
        held);
  }

  private Listing<DocumentIndex.ListedPast> past(
      BucketState bucket,
      boolean bodies,
      long limit,
      Cursor<DocumentIndex.ListedPast> rows,
      ReadHorizon.@Nullable Held held) {
    return new Listing<>(
        rows,
        listed -> {
          HistoryRow row = listed.state().row();
          if (!listed.state().describesWinner()) {
            return new ListedWinner(listed.id(), row.winnerSequence(), null, true);
          }
          return row.deleted()
              ? null
              : new ListedWinner(listed.id(), row.winnerSequence(), row.revision(), bodies);
        },
        records.ahead(),
        bucket,
        bodies,
        this,
        limit,
        held);
  }

  private static final class NoDocuments implements Cursor<Document> {
    @Override
    public boolean advance() {
      return false;
    }

    @Override
    public Document current() {
      throw new IllegalStateException("not on a document");
    }

    @Override
    public void close() {}
  }

  /**
   * The document that the change at {@code sequence} made.
   *
   * @param expected null when the record alone knows
   * @param changes where the change is read
   */
  Document document(
      BucketState bucket,
      String id,
      long sequence,
      @Nullable Revision expected,
      List<Revision> conflicts,
      LongFunction<StoredChange> changes) {
    StoredChange change = changes.apply(sequence);
    read.add(1);
    boolean same =
        change.bucket() == bucket.number()
            && change.id().equals(id)
            && (expected == null || expected.equals(change.revision()));
    if (!same) {
      throw new CorruptionException(
          "log record " + sequence, "it is not the change that the index took it for");
    }
    return new Document(
        bucket.name(),
        id,
        change.revision(),
        sequence,
        change.deleted(),
        Body.ofCheckedJson(change.body()),
        conflicts);
  }
}
