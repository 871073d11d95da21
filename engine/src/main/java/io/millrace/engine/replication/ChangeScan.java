package io.millrace.engine.replication;

import io.millrace.api.error.NotFoundException;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentKey;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.engine.replication.OfferedDocument.Offered;
import io.millrace.engine.replication.Replica.Changes;
import io.millrace.engine.revision.Leaf;
import java.util.ArrayList;
import java.util.List;

/** Finds in the log what a peer may want to have. Safe for use by many threads. */
final class ChangeScan {
  /** So many records are passed over at most before an answer is given. */
  private static final int MOST_RECORDS = 20_000;

  private static final int ROWS_AT_ONCE = 512;

  private final DocumentIndex index;
  private final EngineLog log;
  private final Anchors anchors;

  ChangeScan(DocumentIndex index, EngineLog log, Anchors anchors) {
    this.index = index;
    this.log = log;
    this.anchors = anchors;
  }

  /** A change that may be worth an offer. */
  private record Candidate(long sequence, DocumentKey key, StoredChange change) {}

  /**
   * As {@link Replica#changes}.
   *
   * @param since the last sequence that can be read
   */
  Changes after(long after, Selection selection, int limit, long since) {
    if (after < 0 || after > since) {
      throw new NotFoundException(
          Message.Failed.UNKNOWN_HISTORY,
          "there is no sequence " + after + " here; the last is " + since);
    }
    SelectedBuckets buckets = new SelectedBuckets(index.buckets(), selection);
    List<OfferedDocument> offered = new ArrayList<>();
    int most = Math.max(1, limit);
    long to = after;
    long seen = since;
    SequenceRange range = SequenceRange.between(after + 1, Math.min(since, after + MOST_RECORDS));
    try (LogCursor records = log.read(range)) {
      boolean more = true;
      while (more && offered.size() < most) {
        int room = Math.min(ROWS_AT_ONCE, most - offered.size());
        List<Candidate> candidates = new ArrayList<>();
        while (candidates.size() < room && (more = records.advance())) {
          to = records.sequence();
          add(candidates, records, buckets);
        }
        seen = Math.max(seen, offer(offered, candidates, selection.fullHistory(), buckets));
      }
    }
    // What was passed over because of a later change rests on the history up to that one.
    return new Changes(offered, to, anchors.through(seen), anchors.at(to).timeMillis());
  }

  private static void add(List<Candidate> candidates, LogCursor records, SelectedBuckets buckets) {
    byte[] bytes = RecordReader.bytesOf(records);
    StoredChange change = LogRecord.decode(records.sequence(), bytes).change();
    // What was erased is gone; what was purged is gone for peers even before it is erased.
    if (change != null
        && !change.purge()
        && Selection.travels(change.id())
        && buckets.includes(change.bucket())) {
      DocumentKey key = new DocumentKey(change.bucket(), change.id());
      candidates.add(new Candidate(records.sequence(), key, change));
    }
  }

  /** Adds what is worth an offer, and answers the highest sequence that this rests on. */
  private long offer(
      List<OfferedDocument> offered,
      List<Candidate> candidates,
      boolean fullHistory,
      SelectedBuckets buckets) {
    List<DocumentKey> keys = candidates.stream().map(Candidate::key).toList();
    if (fullHistory) {
      offerEach(offered, candidates, keys, buckets);
      return 0;
    }
    long seen = 0;
    List<DocumentRow> rows = index.rows(keys);
    for (int i = 0; i < candidates.size(); i++) {
      DocumentRow row = rows.get(i);
      seen = row == null ? seen : Math.max(seen, row.lastSequence());
      // A document is offered once, where it changed last.
      if (row != null && row.lastSequence() == candidates.get(i).sequence()) {
        List<Offered> leaves = new ArrayList<>(row.leaves().size());
        for (int j = 0; j < row.leaves().size(); j++) {
          Leaf leaf = row.leaves().get(j);
          leaves.add(new Offered(leaf.revision(), leaf.sequence()));
        }
        offered.add(document(keys.get(i), leaves, buckets));
      }
    }
    return seen;
  }

  private void offerEach(
      List<OfferedDocument> offered,
      List<Candidate> candidates,
      List<DocumentKey> keys,
      SelectedBuckets buckets) {
    long[] sequences = candidates.stream().mapToLong(Candidate::sequence).toArray();
    boolean[] present = index.inHistory(keys, sequences);
    for (int i = 0; i < present.length; i++) {
      StoredChange change = candidates.get(i).change();
      if (present[i] && change.forgotten() == null) {
        Offered revision = new Offered(change.revision(), sequences[i]);
        offered.add(document(keys.get(i), List.of(revision), buckets));
      }
    }
  }

  private static OfferedDocument document(
      DocumentKey key, List<Offered> revisions, SelectedBuckets buckets) {
    return new OfferedDocument(buckets.name(key.bucket()), key.id(), revisions);
  }
}
