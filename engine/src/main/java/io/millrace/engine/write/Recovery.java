package io.millrace.engine.write;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.api.store.Store;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.Checkpoint;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.IndexUpdate;
import io.millrace.engine.index.Purges;
import io.millrace.engine.index.Transition;
import io.millrace.engine.index.TreeLoader;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.CommitHeader;
import io.millrace.engine.record.CommitHeader.CreatedBucket;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Brings the index to where the log is: from the checkpoint when the index belongs to this log,
 * from the beginning when it does not.
 *
 * <p>For one thread, while nobody writes.
 */
public final class Recovery {
  private static final Logger LOG = System.getLogger(Recovery.class.getName());
  private static final int RECORDS_PER_UPDATE = 2_000;
  private static final long BYTES_PER_UPDATE = 4L << 20;

  private final EngineLog log;
  private final DocumentIndex index;
  private final TreeLoader trees;

  public Recovery(EngineLog log, DocumentIndex index, TreeLoader trees) {
    this.log = log;
    this.index = index;
    this.trees = trees;
  }

  /**
   * Makes sure that what is in {@code store} can be brought up to {@code log}: an index of another
   * log, or one that knows more than the log, is dropped.
   *
   * @param acceptLoss whether the operator accepts that acknowledged records are gone
   * @throws CorruptionException when the index knows of records that the log has lost, unless that
   *     is accepted
   */
  public static void prepare(Store store, EngineLog log, boolean acceptLoss) {
    Checkpoint checkpoint = DocumentIndex.checkpoint(store);
    long durable = log.durableSequence();
    if (checkpoint != null
        && checkpoint.incarnation().equals(log.incarnation())
        && checkpoint.sequence() <= durable
        && DocumentIndex.hidden(store) <= durable
        && !isBehindErasure(store, log, checkpoint.sequence())) {
      return;
    }
    if (checkpoint != null
        && checkpoint.incarnation().equals(log.incarnation())
        && checkpoint.sequence() <= durable
        && DocumentIndex.hidden(store) <= durable) {
      LOG.log(Level.WARNING, "the index holds what the log has forgotten and is built again");
    } else if (checkpoint != null
        && checkpoint.incarnation().equals(log.incarnation())
        && checkpoint.sequence() <= durable) {
      LOG.log(Level.WARNING, "the index holds a part of what the log lost and is built again");
    } else if (checkpoint != null && checkpoint.incarnation().equals(log.incarnation())) {
      String lost =
          "the index has seen sequence "
              + checkpoint.sequence()
              + ", but the log ends at "
              + durable
              + ": acknowledged records "
              + (durable + 1)
              + " to "
              + checkpoint.sequence()
              + " are gone";
      if (!acceptLoss) {
        throw new CorruptionException(
            "the log",
            lost
                + ". Restore the log from a backup, or start once with"
                + " millrace.recovery.accept-loss=true to go on without them");
      }
      LOG.log(Level.WARNING, lost + "; going on without them, as configured");
    } else if (checkpoint != null) {
      LOG.log(Level.WARNING, "the index belongs to another log and is built again");
    }
    for (String keyspace : store.keyspaces()) {
      store.drop(store.keyspace(keyspace));
    }
    DocumentIndex.adopt(store, log.incarnation());
  }

  /**
   * Whether something was erased that the index has and will not be told of rightly: records are
   * only erased when the index knows of the purge, but an index can be older than its log, as that
   * of a backup can.
   */
  private static boolean isBehindErasure(Store store, EngineLog log, long indexed) {
    long last = log.durableSequence();
    if (indexed == 0 || indexed == last) {
      return false;
    }
    DocumentIndex index = new DocumentIndex(store);
    try (LogCursor records = log.read(SequenceRange.between(indexed + 1, last))) {
      while (records.advance()) {
        byte[] encoded = RecordReader.bytesOf(records);
        LogRecord record = LogRecord.decode(records.sequence(), encoded);
        StoredChange change = record.change();
        if (record.erased() != null) {
          return true;
        }
        if (change != null && change.purge()) {
          // They are erased in their order, so the first one tells.
          long first = index.purges().firstChange(change.bucket(), change.id());
          if (first != 0 && log.record(first).erased() != null) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Removes from the index what is left of purges that were completed before it was told. */
  public static int settlePurges(Purges purges, EngineLog log) {
    return purges.settle(sequence -> log.record(sequence).erased() != null);
  }

  /**
   * Indexes what the log has beyond the checkpoint.
   *
   * @param listener is told of each step
   * @return the checkpoint at the end
   */
  public Checkpoint run(WriterListener listener) {
    return run(listener, false);
  }

  /** As {@link #run(WriterListener)}, each commit as a whole, since there are readers. */
  Checkpoint runBesideReaders(WriterListener listener) {
    return run(listener, true);
  }

  private Checkpoint run(WriterListener listener, boolean commitWise) {
    Checkpoint checkpoint = DocumentIndex.checkpoint(index.store());
    if (checkpoint == null) {
      throw new UnavailableException("not-prepared", "the index has no checkpoint");
    }
    long last = log.durableSequence();
    if (checkpoint.sequence() >= last) {
      return checkpoint;
    }
    LOG.log(Level.INFO, "indexing the log from " + (checkpoint.sequence() + 1) + " to " + last);
    Checkpoint at = checkpoint;
    try (LogCursor records = log.read(SequenceRange.between(checkpoint.sequence() + 1, last))) {
      IndexUpdate update = new IndexUpdate(index);
      CommitHeader header = null;
      int gathered = 0;
      long bytes = 0;
      while (records.advance()) {
        byte[] encoded = RecordReader.bytesOf(records);
        LogRecord record = LogRecord.decode(records.sequence(), encoded);
        header = record.header() == null ? header : record.header();
        boolean afterDrop = update.endsOrRevivesBuckets() || isCutByPurge(update, record);
        boolean due =
            commitWise
                ? record.header() != null && gathered > 0
                : mustFlush(update, record, gathered, bytes);
        if (afterDrop || due) {
          update.apply(at);
          listener.indexed(update, at.sequence());
          update = new IndexUpdate(index);
          gathered = 0;
          bytes = 0;
        }
        if (commitWise && mustFlush(update, record, update.size(), bytes)) {
          update.spill();
          bytes = 0;
        }
        replay(update, records.sequence(), record);
        gathered++;
        bytes += encoded.length;
        at =
            new Checkpoint(
                checkpoint.incarnation(),
                records.sequence(),
                header == null ? at.timeMillis() : header.timeMillis());
      }
      update.apply(at);
      listener.indexed(update, at.sequence());
    }
    if (at.sequence() != last) {
      throw new CorruptionException(
          "the log", "it ends at " + at.sequence() + " though " + last + " was durable");
    }
    if (DocumentIndex.hidden(index.store()) != 0) {
      DocumentIndex.nothingHidden(index.store());
    }
    return at;
  }

  /** Whether what was gathered must be in the index before {@code record} can be added. */
  private boolean mustFlush(IndexUpdate update, LogRecord record, int gathered, long bytes) {
    if (gathered >= RECORDS_PER_UPDATE || bytes >= BYTES_PER_UPDATE) {
      // A cut inside a commit is harmless: nobody reads yet, and the checkpoint is exact.
      return true;
    }
    StoredChange change = record.change();
    return change != null
        && update.touches(change.bucket(), change.id())
        && needsTree(update, change);
  }

  /** Whether documents are purged before or by {@code record}, but not both. */
  private static boolean isCutByPurge(IndexUpdate update, LogRecord record) {
    StoredChange change = record.change();
    return change != null && update.changesDocuments() && change.purge() != update.purges();
  }

  private static boolean needsTree(IndexUpdate update, StoredChange change) {
    var row = update.row(change.bucket(), change.id());
    return row != null && !row.leaves().decide(change.path());
  }

  private void replay(IndexUpdate update, long sequence, LogRecord record) {
    CommitHeader header = record.header();
    if (header != null) {
      for (CreatedBucket bucket : header.created()) {
        update.create(IndexUpdate.newBucket(bucket, sequence, header.timeMillis()));
      }
      for (int number : header.revived()) {
        update.revive(bucket(update, sequence, number), sequence);
      }
      for (int number : header.dropped()) {
        update.drop(bucket(update, sequence, number), sequence);
      }
    }
    StoredChange change = record.change();
    if (record.erased() != null) {
      BucketState bucket = bucket(update, sequence, record.erased().bucket());
      update.addErased(bucket, sequence, record.erased().purged() != null);
    } else if (change != null) {
      BucketState bucket = bucket(update, sequence, change.bucket());
      update.add(
          bucket, Transition.of(sequence, change, update.row(change.bucket(), change.id()), trees));
    }
  }

  private static BucketState bucket(IndexUpdate update, long sequence, int number) {
    BucketState bucket = update.numbered(number);
    if (bucket == null) {
      throw new CorruptionException(
          "log record " + sequence, "it names bucket " + number + ", which was never made");
    }
    return bucket;
  }
}
