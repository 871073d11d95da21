package io.millrace.engine.rollback;

import io.millrace.api.document.Revision;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.range.Cursor;
import io.millrace.engine.index.BucketState;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one bucket that are not what they were right after a sequence, each with what
 * makes it so again, in the order of their newest changes. For one thread, while nobody writes to
 * the bucket or nobody minds.
 */
final class ChangedSince implements Cursor<ChangedSince.Changed> {
  private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);

  private final DocumentIndex index;
  private final RecordReader records;
  private final NearbyRecords newest;
  private final SequenceCursor sequences;
  private final int bucket;
  private final long to;
  private final RevisionDigest digest = new RevisionDigest();
  private @Nullable Changed current;
  private long passed;

  ChangedSince(DocumentIndex index, RecordReader records, BucketState bucket, long to) {
    this.index = index;
    this.records = records;
    this.bucket = bucket.number();
    this.to = to;
    this.newest = records.nearby();
    this.sequences = index.newestChanges(index.store(), this.bucket, to + 1, Long.MAX_VALUE, false);
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
    while (sequences.advance()) {
      passed++;
      current = changed(sequences.sequence());
      if (current != null) {
        return true;
      }
    }
    current = null;
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

  private @Nullable Changed changed(long sequence) {
    LogRecord record = newest.record(sequence);
    StoredChange last = record.change();
    if (record.erased() != null || last != null && last.purge()) {
      return null; // What was purged does not come back; what was written since has its own row.
    }
    DocumentRow row = last == null ? null : index.row(bucket, last.id());
    if (last == null || row == null) {
      throw new CorruptionException(
          "log record " + sequence, "the index takes it for the newest change of a document");
    }
    String id = last.id();
    PastState then = index.stateAt(bucket, id, to);
    StoredChange past = then == null ? null : records.change(then.winnerSequence());
    if (past == null || past.deleted()) {
      List<StoredChange> tombstones = tombstones(id, row);
      return tombstones.isEmpty() ? null : new Changed(id, row, tombstones, false);
    }
    Leaf winner = row.winner();
    if (isSame(row, winner, then, past)) {
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

  private boolean isSame(DocumentRow row, Leaf winner, PastState then, StoredChange past) {
    if (winner.deleted()) {
      return false;
    }
    return winner.sequence() == then.winnerSequence()
        || row.winnerBytes() == past.body().length
            && Arrays.equals(records.change(winner.sequence()).body(), past.body());
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
    sequences.close();
    newest.close();
  }
}
