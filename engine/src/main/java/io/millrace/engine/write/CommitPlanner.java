package io.millrace.engine.write;

import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Reason;
import io.millrace.api.document.CommitOutcome.Refusal;
import io.millrace.api.document.CommitOutcome.Written;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Revision;
import io.millrace.api.document.TransformationRefusedException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.index.IndexUpdate;
import io.millrace.engine.index.Transition;
import io.millrace.engine.index.TreeLoader;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.CommitChain;
import io.millrace.engine.record.CommitHeader;
import io.millrace.engine.record.CommitHeader.CreatedBucket;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.engine.revision.Leaf;
import io.millrace.engine.revision.RevisionDigest;
import io.millrace.engine.revision.RevisionTree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a commit does, or why it is refused, against the state that the commits before it
 * leave behind. Belongs to the writer's thread.
 */
final class CommitPlanner {
  private final RecordReader records;
  private final TreeLoader trees;
  private final boolean autoCreateBuckets;
  private final int maxBodyBytes;
  private final int maxRecordBytes;
  private final LongSupplier nextMillis;
  private final RevisionDigest digest = new RevisionDigest();
  private final CommitChain chain = new CommitChain();

  /**
   * @param nextMillis the time of the next commit, never going back
   */
  CommitPlanner(
      RecordReader records,
      TreeLoader trees,
      boolean autoCreateBuckets,
      int maxBodyBytes,
      int maxRecordBytes,
      LongSupplier nextMillis) {
    this.records = records;
    this.trees = trees;
    this.autoCreateBuckets = autoCreateBuckets;
    this.maxBodyBytes = maxBodyBytes;
    this.maxRecordBytes = maxRecordBytes;
    this.nextMillis = nextMillis;
  }

  /**
   * What becomes of a request.
   *
   * @param records to be appended; empty when nothing is to be written
   * @param digest of the commit, or of the one before when nothing is to be written
   */
  record Plan(List<byte[]> records, long timeMillis, CommitDigest digest, CommitOutcome outcome) {
    static Plan nothing(long timeMillis, CommitDigest previous, CommitOutcome outcome) {
      return new Plan(List.of(), timeMillis, previous, outcome);
    }
  }

  /** The time of a commit that is made now. */
  long nextMillis() {
    return nextMillis.getAsLong();
  }

  /** One edit that can be made; without a transition when its revision is known already. */
  private record Step(BucketState bucket, @Nullable Transition transition, Written written) {}

  /**
   * Whether {@code request} can only be planned after {@code update} is in the index and the log.
   */
  boolean mustWait(CommitRequest request, IndexUpdate update) {
    for (Edit edit : request.edits()) {
      BucketState bucket = update.bucket(edit.bucket());
      boolean reads = edit instanceof Edit.Check || edit instanceof Edit.Unchanged;
      if (reads || bucket == null || !update.touches(bucket.number(), edit.id())) {
        continue;
      }
      DocumentRow row = update.row(bucket.number(), edit.id());
      boolean decided =
          row == null
              || (edit instanceof Edit.Insert insert
                  ? row.leaves().decide(insert.path())
                  : row.leaves().size() == 1);
      if (!decided) {
        return true;
      }
    }
    return false;
  }

  /**
   * Plans {@code request}, whose first record would have the sequence {@code first}; adds to {@code
   * update} what it does. What it throws, it throws before {@code update} is changed.
   *
   * @param previous the digest of the commit before
   */
  Plan plan(CommitRequest request, IndexUpdate update, long first, CommitDigest previous) {
    long timeMillis = nextMillis();
    Map<String, BucketState> made = new LinkedHashMap<>();
    List<CreatedBucket> created = new ArrayList<>(0);
    List<Step> steps = new ArrayList<>(request.edits().size());
    List<Refusal> refusals = new ArrayList<>(0);
    long next = first;
    for (int i = 0; i < request.edits().size(); i++) {
      Edit edit = request.edits().get(i);
      if (edit instanceof Edit.Unchanged unchanged) {
        Refusal refusal = refusal(i, unchanged, update);
        if (refusal != null) {
          refusals.add(refusal);
        }
        continue;
      }
      BucketState bucket = made.getOrDefault(edit.bucket(), update.bucket(edit.bucket()));
      if (edit instanceof Edit.Check check) {
        DocumentRow checked = bucket == null ? null : update.row(bucket.number(), edit.id());
        Refusal refusal = refusal(i, check, checked);
        if (refusal != null) {
          refusals.add(refusal);
        }
        continue;
      }
      boolean creates = edit instanceof Edit.Put || edit instanceof Edit.Insert;
      if (bucket == null && creates && makesBuckets(request)) {
        CreatedBucket creation =
            new CreatedBucket(update.nextBucketNumber() + created.size(), edit.bucket());
        bucket = IndexUpdate.newBucket(creation, first, timeMillis);
        created.add(creation);
        made.put(edit.bucket(), bucket);
      }
      if (bucket == null) {
        Reason reason = creates ? Reason.BUCKET_MISSING : Reason.DOCUMENT_MISSING;
        String detail = "there is no bucket called " + edit.bucket();
        refusals.add(new Refusal(i, edit.bucket(), edit.id(), reason, null, detail));
        continue;
      }
      boolean isNew = made.containsKey(edit.bucket());
      DocumentRow row = isNew ? null : update.row(bucket.number(), edit.id());
      Object step = step(i, edit, bucket, row, update, next);
      if (step instanceof Refusal refusal) {
        refusals.add(refusal);
      } else if (step instanceof Step possible) {
        steps.add(possible);
        next += possible.transition() == null ? 0 : 1;
      }
    }
    if (!refusals.isEmpty()) {
      return Plan.nothing(timeMillis, previous, new CommitOutcome.Refused(List.copyOf(refusals)));
    }
    if (steps.stream().allMatch(step -> step.transition() == null)) {
      List<Written> written = steps.stream().map(Step::written).toList();
      return Plan.nothing(timeMillis, previous, new CommitOutcome.Committed(first - 1, written));
    }
    List<StoredChange> changes = changes(steps);
    CommitHeader header =
        new CommitHeader(
            request.kind(),
            timeMillis,
            request.attribution(),
            changes.size(),
            created,
            List.of(),
            List.of(),
            previous,
            request.target());
    return accept(header, changes, update, first, made, steps);
  }

  /** What a peer sends is never refused for want of a bucket. */
  private boolean makesBuckets(CommitRequest request) {
    return autoCreateBuckets || request.kind() == CommitKind.REPLICATED;
  }

  private static List<StoredChange> changes(List<Step> steps) {
    List<StoredChange> changes = new ArrayList<>(steps.size());
    for (Step step : steps) {
      if (step.transition() != null) {
        changes.add(step.transition().change());
      }
    }
    return changes;
  }

  private Plan accept(
      CommitHeader header,
      List<StoredChange> changes,
      IndexUpdate update,
      long first,
      Map<String, BucketState> made,
      List<Step> steps) {
    List<byte[]> planned = new ArrayList<>(changes.size());
    for (int i = 0; i < changes.size(); i++) {
      planned.add(encoded(new LogRecord(i == 0 ? header : null, i, changes.get(i))));
    }
    // Nothing can be refused any more.
    CommitDigest commit = digestOf(planned, first);
    made.values().forEach(update::create);
    List<Written> written = new ArrayList<>(steps.size());
    for (Step step : steps) {
      written.add(step.written());
      if (step.transition() != null) {
        update.add(step.bucket(), step.transition());
      }
    }
    long last = first + changes.size() - 1;
    return new Plan(
        planned,
        header.timeMillis(),
        commit,
        new CommitOutcome.Committed(last, List.copyOf(written)));
  }

  /** The digest of the commit with these records. */
  CommitDigest digestOf(List<byte[]> commit, long first) {
    long sequence = first;
    for (byte[] record : commit) {
      chain.add(sequence++, record);
    }
    return chain.end();
  }

  private byte[] encoded(LogRecord record) {
    byte[] bytes = record.encode();
    if (bytes.length > maxRecordBytes) {
      throw new InvalidRequestException(
          "too-large",
          "a change of "
              + bytes.length
              + " bytes with its author, message and ancestry; the log takes "
              + maxRecordBytes);
    }
    return bytes;
  }

  private static @Nullable Refusal refusal(int at, Edit.Unchanged edit, IndexUpdate update) {
    BucketState bucket = update.bucket(edit.bucket());
    long last = bucket == null ? 0 : update.lastSequence(bucket);
    return last == edit.sequence()
        ? null
        : conflict(at, edit, null, "the bucket has changed: its last sequence is " + last);
  }

  private static @Nullable Refusal refusal(int at, Edit.Check check, @Nullable DocumentRow row) {
    Revision winner = row == null ? null : row.winner().revision();
    if (check.base() instanceof Base.Leaf named && !named.revision().equals(winner)) {
      return conflict(at, check, winner, "the document is not at revision " + named.revision());
    }
    if (check.base() instanceof Base.Absent && row != null && row.leaves().live()) {
      return conflict(at, check, winner, "the document exists");
    }
    return null;
  }

  /** A {@link Step} or a {@link Refusal}. */
  private Object step(
      int at,
      Edit edit,
      BucketState bucket,
      @Nullable DocumentRow row,
      IndexUpdate update,
      long sequence) {
    if (edit instanceof Edit.Insert insert) {
      return insert(insert, bucket, row, sequence);
    }
    if (edit instanceof Edit.Purge purge) {
      return purge(at, purge, bucket, row, sequence);
    }
    boolean live = row != null && row.leaves().live();
    Revision current = row == null ? null : row.winner().revision();
    boolean isPut = edit instanceof Edit.Put;
    if (!live && !isPut) {
      String detail = "there is no live document " + edit.id() + " in " + edit.bucket();
      return new Refusal(at, edit.bucket(), edit.id(), Reason.DOCUMENT_MISSING, current, detail);
    }
    Leaf base = row == null ? null : row.winner();
    Base wanted = baseOf(edit);
    if (wanted instanceof Base.Leaf named) {
      base = row == null ? null : row.leaves().find(named.revision());
      if (base == null) {
        return conflict(
            at, edit, current, "revision " + named.revision() + " is not a present one");
      }
    } else if (wanted instanceof Base.Absent && live) {
      return conflict(at, edit, current, "the document exists; name the revision to replace");
    }
    Body body;
    try {
      body = bodyOf(edit, bucket, base, update);
    } catch (TransformationRefusedException e) {
      Reason reason = e.conflict() ? Reason.TEST_FAILED : Reason.NOT_PROCESSABLE;
      return new Refusal(at, edit.bucket(), edit.id(), reason, current, message(e));
    } catch (InvalidRequestException e) {
      return new Refusal(at, edit.bucket(), edit.id(), Reason.NOT_PROCESSABLE, current, message(e));
    }
    boolean deleted = edit instanceof Edit.Delete;
    Revision parent = base == null ? null : base.revision();
    Revision revision = digest.next(parent, deleted, body.json());
    List<Revision> path = parent == null ? List.of(revision) : List.of(revision, parent);
    StoredChange change = new StoredChange(bucket.number(), edit.id(), path, deleted, body.json());
    Transition transition = Transition.of(sequence, change, row, trees);
    return new Step(
        bucket,
        transition,
        new Written(edit.bucket(), edit.id(), revision, sequence, !live, deleted));
  }

  private Object purge(
      int at, Edit.Purge edit, BucketState bucket, @Nullable DocumentRow row, long sequence) {
    if (row == null) {
      String detail = "there is no document " + edit.id() + " in " + edit.bucket();
      return new Refusal(at, edit.bucket(), edit.id(), Reason.DOCUMENT_MISSING, null, detail);
    }
    // It names nothing that was there before.
    Revision revision = digest.next(null, true, Body.EMPTY.json());
    StoredChange change =
        new StoredChange(
            bucket.number(), edit.id(), List.of(revision), true, Body.EMPTY.json(), true);
    return new Step(
        bucket,
        Transition.purge(sequence, change, row),
        new Written(edit.bucket(), edit.id(), revision, sequence, false, true));
  }

  private Object insert(
      Edit.Insert insert, BucketState bucket, @Nullable DocumentRow row, long sequence) {
    Revision revision = insert.path().get(0);
    long known = row == null ? 0 : knownSequence(bucket, row, insert);
    boolean live = row != null && row.leaves().live();
    Transition transition = null;
    if (known == 0) {
      StoredChange change =
          new StoredChange(
              bucket.number(), insert.id(), insert.path(), insert.deleted(), insert.body().json());
      transition = Transition.of(sequence, change, row, trees);
    }
    return new Step(
        bucket,
        transition,
        new Written(
            insert.bucket(),
            insert.id(),
            revision,
            known == 0 ? sequence : known,
            !live && known == 0,
            insert.deleted()));
  }

  /** Where the inserted revision is already; 0 when it is not known with a body. */
  private long knownSequence(BucketState bucket, DocumentRow row, Edit.Insert insert) {
    Leaf leaf = row.leaves().find(insert.path().get(0));
    if (leaf != null) {
      return leaf.sequence();
    }
    if (row.leaves().decide(insert.path())) {
      return 0;
    }
    Node node = trees.tree(bucket.number(), insert.id(), row).node(insert.path().get(0));
    return node == null ? 0 : node.sequence();
  }

  private static Base baseOf(Edit edit) {
    if (edit instanceof Edit.Put put) {
      return put.base();
    }
    return edit instanceof Edit.Delete delete ? delete.base() : ((Edit.Transform) edit).base();
  }

  private Body bodyOf(Edit edit, BucketState bucket, @Nullable Leaf base, IndexUpdate update) {
    Body body;
    if (edit instanceof Edit.Put put) {
      body = put.body();
    } else if (edit instanceof Edit.Delete || base == null) {
      return Body.EMPTY;
    } else {
      StoredChange pending = update.pendingChange(base.sequence());
      StoredChange present = pending == null ? records.change(base.sequence()) : pending;
      body = ((Edit.Transform) edit).transformation().apply(Body.ofCheckedJson(present.body()));
    }
    if (body.length() > maxBodyBytes) {
      throw new InvalidRequestException(
          "too-large",
          "a body of " + body.length() + " bytes; at most " + maxBodyBytes + " are accepted");
    }
    return body;
  }

  private static Refusal conflict(int at, Edit edit, @Nullable Revision current, String detail) {
    return new Refusal(at, edit.bucket(), edit.id(), Reason.CONFLICT, current, detail);
  }

  private static String message(InvalidRequestException e) {
    String message = e.getMessage();
    return message == null ? e.code() : message;
  }
}
