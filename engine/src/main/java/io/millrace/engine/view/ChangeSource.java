package io.millrace.engine.view;

import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.Commit;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.ViewInput;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.SequenceCursor;
import io.millrace.engine.log.NearbyRecords;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what views are fed with: of a bucket, the winners of the documents that changed after some
 * sequence, or all changes.
 *
 * <p>Winners are found through the newest change of each document. A document that changes while a
 * view is being fed moves to the end and is met there, so at the end each document was given in its
 * newest state, and none was read twice for nothing. Safe for use by many threads.
 */
final class ChangeSource {
  static final int MAX_CHANGES = 2_000;
  static final long MAX_BYTES = 2L << 20;

  private final DocumentIndex index;
  private final RecordReader records;

  ChangeSource(DocumentIndex index, RecordReader records) {
    this.index = index;
    this.records = records;
  }

  /**
   * The next changes after {@code position}.
   *
   * @param last a sequence that is not crossed; {@link Long#MAX_VALUE} for none
   * @param present what the database was known to have when {@code reader} was made or before
   * @param shared whether several views will want the trees of the bodies
   */
  Portion read(
      StoreReader reader,
      ViewInput input,
      BucketState bucket,
      long position,
      long last,
      long present,
      boolean shared) {
    List<Change> changes = new ArrayList<>();
    long bytes = 0;
    long at = position;
    @Nullable Commit commit = null;
    try (NearbyRecords nearby = records.nearby();
        SequenceCursor sequences =
            input == ViewInput.DOCUMENTS
                ? index.newestChanges(reader, bucket.number(), position + 1, last, false)
                : index.changes(bucket.number(), position + 1, last, false)) {
      while (sequences.advance()) {
        at = sequences.sequence();
        long read = input == ViewInput.DOCUMENTS ? sequences.winnerSequence() : at;
        LogRecord record = nearby.record(read);
        StoredChange stored = record.change();
        if (stored == null || stored.id().startsWith("_") || comesAgain(reader, input, stored)) {
          continue;
        }
        if (stored.forgotten() != null && input != ViewInput.DOCUMENTS) {
          // Nobody can be given it any more. A winner is never forgotten while it is read.
          continue;
        }
        if (commit == null || read < commit.first() || read > commit.last()) {
          commit = records.commitOf(read, record);
        }
        Body body = Body.ofCheckedJson(stored.body());
        changes.add(
            new Change(
                at,
                bucket.name(),
                stored.id(),
                stored.revision(),
                stored.parent(),
                stored.deleted(),
                commit,
                shared ? body.keepingTree() : body));
        bytes += stored.body().length;
        if (changes.size() >= MAX_CHANGES || bytes >= MAX_BYTES) {
          return new Portion(changes, at, false, present);
        }
      }
    }
    long end = Math.max(position, last == Long.MAX_VALUE ? present : last);
    return new Portion(changes, Math.max(at, end), true, present);
  }

  /** Whether the document was written again after it was purged: each is given once. */
  private boolean comesAgain(StoreReader reader, ViewInput input, StoredChange change) {
    return change.purge()
        && input == ViewInput.DOCUMENTS
        && index.row(reader, change.bucket(), change.id()) != null;
  }
}
