package io.millrace.engine.view;

import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.index.SequenceCursor;
import io.millrace.engine.log.NearbyRecords;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.LogRecord.StoredChange;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds which documents of a bucket changed between two sequences, for those who follow rows.
 *
 * <p>It goes by all changes and not by the newest one of each document: of a document that changes
 * again and again the newest change is always beyond what a view has reached, and it would not be
 * found before the changing ends. Safe for use by many threads.
 */
final class ChangedDocuments {
  static final int MAX_CHANGES = 1_000;

  private final DocumentIndex index;
  private final RecordReader records;

  ChangedDocuments(DocumentIndex index, RecordReader records) {
    this.index = index;
    this.records = records;
  }

  /**
   * Some documents that changed.
   *
   * @param documents the sequence of a change by the id of its document, in the order of the
   *     sequences
   * @param position every change up to it was looked at
   */
  record Page(Map<String, Long> documents, long position) {}

  /**
   * The documents of the next changes behind {@code position}, up to {@code last}. One that changes
   * again before {@code last} may be left to a later page.
   */
  Page read(BucketState bucket, long position, long last) {
    Map<String, Long> documents = new LinkedHashMap<>();
    long at = last;
    try (NearbyRecords nearby = records.nearby();
        SequenceCursor sequences = index.changes(bucket.number(), position + 1, last, false)) {
      for (int looked = 0; sequences.advance(); looked++) {
        if (looked == MAX_CHANGES) {
          at = sequences.sequence() - 1;
          break;
        }
        StoredChange change = nearby.record(sequences.sequence()).change();
        if (change != null && !change.id().startsWith("_")) {
          // Behind the others, even if it was there before.
          documents.remove(change.id());
          documents.put(change.id(), sequences.sequence());
        }
      }
    }
    documents
        .entrySet()
        .removeIf(found -> comesAgain(bucket, found.getKey(), found.getValue(), last));
    return new Page(documents, at);
  }

  private boolean comesAgain(BucketState bucket, String id, long sequence, long last) {
    @Nullable DocumentRow row = index.row(bucket.number(), id);
    return row != null && row.lastSequence() > sequence && row.lastSequence() <= last;
  }
}
