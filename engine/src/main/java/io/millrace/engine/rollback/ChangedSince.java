package io.millrace.engine.rollback;

import io.millrace.api.document.Revision;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.range.Cursor;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.ChangedBetween;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.index.PastState;
import io.millrace.engine.index.SequenceCursor;
import io.millrace.engine.log.NearbyRecords;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.engine.revision.Leaf;
import io.millrace.engine.revision.RevisionDigest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one bucket that are not what they were right after a sequence, each with what
 * makes it so again. For one thread, while nobody writes to the bucket or nobody minds.
 *
 * <p>When they are few they come in the order of their newest changes, each looked up. When they
 * are many they come in the byte order of their ids, from one walk over the history of the bucket,
 * which costs less for each and suits the store, which is given them in the same order.
 */
final class ChangedSince implements Cursor<ChangedSince.Changed> {
  private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);

  /** Less than one document of so many is few. */
  private static final int FEW = 8;

  private final DocumentIndex index;
  private final NearbyRecords then;
  private final NearbyRecords now;
  private final int bucket;
  private final long to;
  private final Documents documents;
  private final RevisionDigest digest = new RevisionDigest();
  private @Nullable Changed current;
  private long passed;

  /**
   * @param to the documents are compared with what they were right after this
   * @param last the last sequence that is in the index
   */
  ChangedSince(DocumentIndex index, RecordReader records, BucketState bucket, long to, long last) {
    this.index = index;
    this.bucket = bucket.number();
    this.to = to;
    this.then = records.nearby();
    this.now = records.nearby();
    this.documents = areFew(bucket, last) ? new Few(records, last) : new Many(bucket, last);
  }

  private boolean areFew(BucketState state, long last) {
    long most = (state.documents() + state.deletedDocuments()) / FEW;
    try (SequenceCursor changes = newestChanges(last)) {
      for (long count = 0; count <= most; count++) {
        if (!changes.advance()) {
          return true;
        }
      }
    }
    return false;
  }

  private SequenceCursor newestChanges(long last) {
    return index.newestChanges(index.store(), bucket, to + 1, last, false);
  }

  /** A document that may have changed, as it is and as it was; null when there was none. */
  private record Found(String id, DocumentRow row, @Nullable PastState past) {}

  /** The documents that may have changed, each once. */
  private interface Documents extends AutoCloseable {
    /** The next one; null at the end. */
    @Nullable Found next();

    @Override
    void close();
  }

  /** From the newest change of each. */
  private final class Few implements Documents {
    private final SequenceCursor sequences;
    private final NearbyRecords newest;

    Few(RecordReader records, long last) {
      sequences = newestChanges(last);
      newest = records.nearby();
    }

    @Override
    public @Nullable Found next() {
      while (sequences.advance()) {
        LogRecord record = newest.record(sequences.sequence());
        StoredChange change = record.change();
        if (record.erased() != null || change != null && change.purge()) {
          continue; // What was purged does not come back; what was written since has its own row.
        }
        DocumentRow row = change == null ? null : index.row(bucket, change.id());
        if (change == null || row == null) {
          throw new CorruptionException(
              "log record " + sequences.sequence(),
              "the index takes it for the newest change of a document");
        }
        return new Found(change.id(), row, index.stateAt(bucket, change.id(), to));
      }
      return null;
    }

    @Override
    public void close() {
      sequences.close();
      newest.close();
    }
  }

  /** From the history of all. */
  private final class Many implements Documents {
    private static final int AT_ONCE = 256;

    private final ChangedBetween pairs;
    private final Deque<Found> found = new ArrayDeque<>(AT_ONCE);

    Many(BucketState state, long last) {
      pairs = index.everyChangedBetween(state, to, last);
    }

    @Override
    public @Nullable Found next() {
      if (found.isEmpty()) {
        fill();
      }
      return found.poll();
    }

    private void fill() {
      List<ChangedBetween.Pair> some = new ArrayList<>(AT_ONCE);
      while (some.size() < AT_ONCE && pairs.advance()) {
        some.add(pairs.current());
      }
      List<@Nullable DocumentRow> rows =
          index.rows(bucket, some.stream().map(ChangedBetween.Pair::id).toList());
      for (int i = 0; i < some.size(); i++) {
        DocumentRow row = rows.get(i);
        if (row == null) {
          throw new CorruptionException(
              "keyspace documents", "there is no row for a document with a history");
        }
        found.add(new Found(some.get(i).id(), row, some.get(i).before()));
      }
    }

    @Override
    public void close() {
      pairs.close();
    }
  }

  /**
   * A document that changed.
   *
   * @param row the document now
   * @param restoring what makes it what it was, to be added one after the other
   * @param live whether it will be live
   */
  record Changed(String id, DocumentRow row, List<StoredChange> restoring, boolean live) {
    /** Whether it is live now. */
    boolean wasLive() {
      return row.leaves().live();
    }
  }

  @Override
  public boolean advance() {
    current = null;
    for (Found found = documents.next(); found != null; found = documents.next()) {
      passed++;
      current = changed(found);
      if (current != null) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Changed current() {
    if (current == null) {
      throw new IllegalStateException("not on a document");
    }
    return current;
  }

  /** How many documents were looked at. */
  long passed() {
    return passed;
  }

  private @Nullable Changed changed(Found found) {
    String id = found.id();
    DocumentRow row = found.row();
    PastState state = found.past();
    StoredChange past = state == null ? null : then.change(state.winnerSequence());
    if (past == null || past.deleted()) {
      List<StoredChange> tombstones = tombstones(id, row);
      return tombstones.isEmpty() ? null : new Changed(id, row, tombstones, false);
    }
    Leaf winner = row.winner();
    if (isSame(row, winner, state, past)) {
      return null;
    }
    Revision revision = digest.next(winner.revision(), false, past.body());
    return new Changed(
        id,
        row,
        List.of(
            new StoredChange(bucket, id, List.of(revision, winner.revision()), false, past.body())),
        true);
  }

  private boolean isSame(DocumentRow row, Leaf winner, PastState state, StoredChange past) {
    if (winner.deleted()) {
      return false;
    }
    return winner.sequence() == state.winnerSequence()
        || row.winnerBytes() == past.body().length
            && Arrays.equals(now.change(winner.sequence()).body(), past.body());
  }

  /** One for each branch that is live, or another would win. */
  private List<StoredChange> tombstones(String id, DocumentRow row) {
    List<StoredChange> tombstones = new ArrayList<>(1);
    for (int i = 0; i < row.leaves().size(); i++) {
      Leaf leaf = row.leaves().get(i);
      if (!leaf.deleted()) {
        Revision revision = digest.next(leaf.revision(), true, NOTHING);
        tombstones.add(
            new StoredChange(bucket, id, List.of(revision, leaf.revision()), true, NOTHING));
      }
    }
    return tombstones;
  }

  @Override
  public void close() {
    documents.close();
    then.close();
    now.close();
  }
}
