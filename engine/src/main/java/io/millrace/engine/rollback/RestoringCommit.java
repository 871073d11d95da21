package io.millrace.engine.rollback;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.CommitKind;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.index.IndexUpdate;
import io.millrace.engine.index.Transition;
import io.millrace.engine.record.BinaryReader;
import io.millrace.engine.record.BinaryWriter;
import io.millrace.engine.record.CommitChain;
import io.millrace.engine.record.CommitHeader;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.engine.write.LargeCommit;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The commit that brings an earlier state back: buckets that end or exist again, and changes, which
 * are kept in a file. Filled by one thread, then handed to the writer.
 */
final class RestoringCommit implements LargeCommit, AutoCloseable {
  /** From here on changes are taken out of memory. */
  private static final int CHANGES_IN_MEMORY = 4_000;

  private static final byte[] NO_BODY = {};

  private final long to;
  private final Attribution attribution;
  private final Transition.Past past;

  /** The records of the changes, each with its place as if none had a header. */
  private final Spool records;

  /** What the index needs of each change: its record without the body, and the row before it. */
  private final Spool rows;

  private final CommitChain chain = new CommitChain();
  private final List<BucketState> dropped = new ArrayList<>();
  private final List<BucketState> revived = new ArrayList<>();

  /** The buckets that changes are in, by number. */
  private final Map<Integer, BucketState> buckets;

  private byte[] digestOfChanges = {};

  /**
   * @param to the sequence whose state it brings back
   */
  RestoringCommit(
      long to,
      Attribution attribution,
      Transition.Past past,
      Spool records,
      Spool rows,
      Map<Integer, BucketState> buckets) {
    this.to = to;
    this.attribution = attribution;
    this.past = past;
    this.records = records;
    this.rows = rows;
    this.buckets = buckets;
  }

  void drop(BucketState bucket) {
    dropped.add(bucket);
  }

  void revive(BucketState bucket) {
    revived.add(bucket);
  }

  /**
   * Adds a change.
   *
   * @param before the row of the document before the commit; of several changes of one document,
   *     which follow one another, it is that before the first
   */
  void add(StoredChange change, DocumentRow before) {
    int place = records.size();
    byte[] record = new LogRecord(null, place, change).encode();
    chain.add(place, record);
    records.add(record);
    StoredChange bare =
        new StoredChange(change.bucket(), change.id(), change.path(), change.deleted(), NO_BODY);
    rows.add(
        new BinaryWriter(160)
            .varint(change.body().length)
            .sized(before.encode())
            .raw(new LogRecord(null, place, bare).encode())
            .toBytes());
  }

  /** Ends the filling. */
  void seal() {
    records.seal();
    rows.seal();
    digestOfChanges = chain.endOfChanges();
  }

  int changes() {
    return records.size();
  }

  @Override
  public CommitHeader header(long timeMillis, CommitDigest previous) {
    return new CommitHeader(
        CommitKind.ROLLBACK,
        timeMillis,
        attribution,
        changes(),
        List.of(),
        dropped.stream().map(BucketState::number).toList(),
        revived.stream().map(BucketState::number).toList(),
        previous,
        to);
  }

  private byte[] first(CommitHeader header) {
    return new LogRecord(header, 0, changes() == 0 ? null : change(0, records.get(0))).encode();
  }

  private static @Nullable StoredChange change(int index, byte[] record) {
    return LogRecord.decode(index, record).change();
  }

  @Override
  public List<byte[]> records(CommitHeader header) {
    byte[] first = first(header);
    return new Records(first);
  }

  /** The records, read from their file when they are asked for. */
  private final class Records extends AbstractList<byte[]> implements RandomAccess {
    private final byte[] first;

    Records(byte[] first) {
      this.first = first;
    }

    @Override
    public byte[] get(int index) {
      return index == 0 ? first : records.get(index);
    }

    @Override
    public int size() {
      return Math.max(1, changes());
    }
  }

  @Override
  public CommitDigest digest(CommitHeader header) {
    return chain.of(first(header), digestOfChanges);
  }

  @Override
  public void index(IndexUpdate update, long first) {
    revived.forEach(bucket -> update.revive(bucket, first));
    dropped.forEach(bucket -> update.drop(bucket, first));
    StoredChange previous = null;
    DocumentRow row = null;
    for (int i = 0; i < changes(); i++) {
      BinaryReader entry = new BinaryReader("planned changes", rows.get(i));
      int bodyBytes = entry.count(Integer.MAX_VALUE);
      byte[] before = entry.raw(entry.count(Integer.MAX_VALUE));
      StoredChange change = change(i, entry.rest());
      if (change == null) {
        throw new IllegalStateException("entry " + i + " holds no change");
      }
      boolean again =
          previous != null
              && previous.bucket() == change.bucket()
              && previous.id().equals(change.id());
      if (again) {
        // The tree of the document is put together from what is in the store.
        update.spill();
      }
      row = again ? row : DocumentRow.decode(before);
      Transition transition = Transition.of(first + i, change, bodyBytes, row, past);
      update.add(buckets.get(change.bucket()), transition);
      row = transition.after();
      previous = change;
      if (update.size() >= CHANGES_IN_MEMORY) {
        update.spill();
      }
    }
  }

  @Override
  public void close() {
    try (rows) {
      records.close();
    }
  }
}
