package io.millrace.engine.sync;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Reason;
import io.millrace.api.document.CommitOutcome.Refusal;
import io.millrace.api.document.CommitOutcome.Refused;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.sync.ChangeOutcome;
import io.millrace.api.sync.ChangePage;
import io.millrace.api.sync.StartOverException;
import io.millrace.api.sync.SyncServer;
import io.millrace.api.sync.SyncedChange;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.index.SequenceCursor;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.log.NearbyRecords;
import io.millrace.engine.record.LogRecord.StoredChange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Syncs clients with one bucket. The feed is the index of the newest change of each document, so it
 * is as long as the bucket has documents, whatever was written to them.
 *
 * <p>That nothing changed since a client was last there is checked by the writer, in the same step
 * that takes the client's changes. Safe for use by many threads.
 */
public final class BucketSync implements SyncServer {
  /** About how many bytes of bodies a page has at most. */
  private static final long MAX_PAGE_BYTES = 4L << 20;

  private final String name;
  private final DocumentIndex index;
  private final EngineLog log;
  private final Seals seals;
  private final Function<CommitRequest, CompletionStage<CommitOutcome>> writer;
  private final Runnable ensureOpen;

  /**
   * @param name of the bucket
   * @param writer commits as {@link io.millrace.api.Database#commit} does
   * @param ensureOpen throws when the database is closed
   */
  public BucketSync(
      String name,
      DocumentIndex index,
      EngineLog log,
      Function<CommitRequest, CompletionStage<CommitOutcome>> writer,
      Runnable ensureOpen) {
    this.name = name;
    this.index = index;
    this.log = log;
    this.seals = new Seals(log);
    this.writer = writer;
    this.ensureOpen = ensureOpen;
  }

  @Override
  public ChangePage changes(String cid, int limit) {
    if (limit < 1) {
      throw new InvalidRequestException("invalid-limit", "a page has 1 change or more: " + limit);
    }
    ensureOpen.run();
    Cid from = Cid.parse(cid);
    BucketState bucket = index.buckets().named(name);
    requireKnown(bucket, from);
    return bucket == null ? new ChangePage(START, List.of(), false) : page(bucket, from, limit);
  }

  private ChangePage page(BucketState bucket, Cid from, int limit) {
    // Read before the rows are: what changes meanwhile moves behind it, and comes later.
    long last = bucket.lastSequence();
    List<SyncedChange> changes = new ArrayList<>();
    long at = from.sequence();
    long bytes = 0;
    boolean more = false;
    try (NearbyRecords nearby = log.nearby();
        SequenceCursor rows =
            index.newestChanges(index.store(), bucket.number(), at + 1, last, false)) {
      while (!more && rows.advance()) {
        if (changes.size() == limit || bytes >= MAX_PAGE_BYTES) {
          more = true;
        } else {
          at = rows.sequence();
          StoredChange change = nearby.record(rows.winnerSequence()).change();
          if (change != null && !change.id().startsWith("_") && !comesAgain(change)) {
            changes.add(synced(change));
            bytes += change.body().length;
          }
        }
      }
    }
    long begun = from.isStart() ? last : from.begun();
    Cid reached = seals.cid(bucket, more ? at : Math.max(at, last), begun);
    return new ChangePage(reached.toString(), changes, more);
  }

  private static SyncedChange synced(StoredChange change) {
    return change.deleted()
        ? SyncedChange.del(change.id())
        : SyncedChange.put(change.id(), Body.ofCheckedJson(change.body()));
  }

  /** Whether the document was written again after it was purged. */
  private boolean comesAgain(StoredChange change) {
    return change.purge() && index.row(change.bucket(), change.id()) != null;
  }

  private void requireKnown(@Nullable BucketState bucket, Cid cid) {
    if (cid.isStart()) {
      return;
    }
    if (bucket == null) {
      throw new StartOverException(
          "the bucket " + name + " is not there any more; begin again from cid " + START);
    }
    boolean reached =
        cid.sequence() >= bucket.createdSequence() - 1 && cid.sequence() <= bucket.lastSequence();
    if (!reached || !seals.fits(bucket, cid)) {
      throw new StartOverException(
          "the cid is not one of this bucket as it is now: the bucket or the whole server was"
              + " replaced or restored; begin again from cid "
              + START);
    }
    if (cid.begun() < index.forgotten(bucket.number())) {
      throw new StartOverException(
          "documents of "
              + name
              + " were purged since, and nothing is left that tells which; begin again from cid "
              + START);
    }
  }

  @Override
  public CompletionStage<ChangeOutcome> change(
      String cid, List<SyncedChange> changes, Attribution attribution) {
    List<Edit> edits = new ArrayList<>(changes.size() + 1);
    Cid from;
    boolean echoed = false;
    try {
      ensureOpen.run();
      from = Cid.parse(cid);
      BucketState bucket = index.buckets().named(name);
      requireKnown(bucket, from);
      edits.add(new Edit.Unchanged(name, from.sequence()));
      for (SyncedChange change : changes) {
        DocumentRow row =
            bucket == null || !change.deleted() ? null : index.row(bucket.number(), change.id());
        edits.add(edit(change, row));
        echoed |= row != null && row.leaves().size() > 1;
      }
    } catch (MillraceException e) {
      return CompletableFuture.failedFuture(e);
    }
    // Where a deleted document has other branches one of them is there now, and the client is to
    // hear of it: what it did is given back to it.
    boolean goesBack = echoed;
    return writer
        .apply(CommitRequest.write(edits, attribution))
        .thenApply(outcome -> outcome(from, goesBack, outcome));
  }

  /**
   * What a change does to a bucket that has not changed.
   *
   * @param row of a document to be deleted, read before the writer is asked, which knows if that is
   *     old
   */
  private Edit edit(SyncedChange change, @Nullable DocumentRow row) {
    Body body = change.body();
    if (body != null) {
      return new Edit.Put(name, change.id(), Base.any(), body);
    }
    return row != null && row.leaves().live()
        ? new Edit.Delete(name, change.id(), Base.any())
        : new Edit.Check(name, change.id(), Base.absent());
  }

  private ChangeOutcome outcome(Cid from, boolean goesBack, CommitOutcome outcome) {
    if (outcome instanceof Refused refused) {
      return refusal(refused.refusals());
    }
    Committed committed = (Committed) outcome;
    long sequence = committed.sequence();
    BucketState bucket = index.buckets().namedAt(name, sequence);
    return goesBack || committed.written().isEmpty() || bucket == null
        ? new ChangeOutcome.Accepted(from.toString())
        : new ChangeOutcome.Accepted(seals.cid(bucket, sequence, sequence).toString());
  }

  private ChangeOutcome refusal(List<Refusal> refusals) {
    Refusal first = refusals.get(0);
    if (first.index() == 0) {
      return new ChangeOutcome.Mismatch();
    }
    String detail = "the document " + first.id() + ": " + first.detail();
    if (first.reason() == Reason.BUCKET_MISSING) {
      throw new NotFoundException("bucket-missing", first.detail());
    }
    if (first.reason() == Reason.NOT_PROCESSABLE) {
      throw new InvalidRequestException("document-too-large", detail);
    }
    throw new InternalException("unexpected-refusal", "refused without a change before: " + detail);
  }
}
