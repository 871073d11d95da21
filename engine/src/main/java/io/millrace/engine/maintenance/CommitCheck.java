package io.millrace.engine.maintenance;

import io.millrace.api.document.BucketName;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.DocumentId;
import io.millrace.api.document.JsonText;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.engine.maintenance.Finding.Severity;
import io.millrace.engine.record.CommitHeader;
import io.millrace.engine.record.CommitHeader.CreatedBucket;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.engine.revision.RevisionDigest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows the records of a log and tells what they cannot be: parts of commits that do not fit
 * together, buckets that were never made, revisions that are not the digest of what they hold. For
 * one thread.
 */
final class CommitCheck {
  /** A revision made here has one parent; more ancestors come from elsewhere. */
  private static final int MOST_PATH_HERE = 2;

  private final Findings findings;
  private final RevisionDigest digest = new RevisionDigest();

  /** Whether each bucket that was made still exists, by number. */
  private final Map<Integer, Boolean> buckets = new HashMap<>();

  private int highestBucket;

  /** Of the commit that goes on; null when the last one is complete, or its beginning is lost. */
  private @Nullable CommitHeader commit;

  private int nextIndex;
  private boolean gap;
  private long newestMillis = Long.MIN_VALUE;
  private long commits;
  private long foreign;

  CommitCheck(Findings findings) {
    this.findings = findings;
  }

  /** Takes notice that records are missing here. */
  void gap() {
    gap = true;
    commit = null;
  }

  /** Looks at the next record. */
  void accept(long sequence, LogRecord record) {
    String place = "log record " + sequence;
    CommitHeader header = record.header();
    CommitHeader open = commit;
    if (header != null) {
      if (open != null) {
        wrong(
            place,
            "a commit begins though the one before lacks records: "
                + nextIndex
                + " of "
                + open.records()
                + " are there");
      }
      begin(sequence, place, header);
    } else if (open == null) {
      if (!gap) {
        wrong(place, "it continues a commit that has no beginning");
      }
    } else if (record.index() != nextIndex) {
      wrong(
          place, "it is part " + record.index() + " of its commit where " + nextIndex + " is due");
    }
    CommitHeader now = commit;
    StoredChange change = record.change();
    boolean hasChange = change != null || record.erased() != null;
    if (now != null && hasChange == (now.changes() == 0)) {
      wrong(place, !hasChange ? "a change is missing" : "a change in a commit without changes");
    }
    if (change != null) {
      check(place, change, now == null ? null : now.kind());
    }
    nextIndex = header != null ? 1 : record.index() + 1;
    if (now != null && nextIndex >= now.records()) {
      commit = null;
      gap = false;
    }
  }

  private void begin(long sequence, String place, CommitHeader header) {
    commits++;
    commit = header;
    gap = false;
    if (header.timeMillis() < newestMillis) {
      findings.add(
          Severity.HARMLESS,
          place,
          "its commit is " + (newestMillis - header.timeMillis()) + " ms older than one before");
    }
    newestMillis = Math.max(newestMillis, header.timeMillis());
    for (CreatedBucket bucket : header.created()) {
      try {
        BucketName.require(bucket.name());
      } catch (InvalidRequestException e) {
        wrong(place, String.valueOf(e.getMessage()));
      }
      if (bucket.number() <= highestBucket
          || bucket.number() > highestBucket + 1 && !findings.isAnythingLost()) {
        wrong(place, "it makes bucket " + bucket.number() + " after bucket " + highestBucket);
      }
      highestBucket = Math.max(highestBucket, bucket.number());
      buckets.put(bucket.number(), true);
    }
    for (int number : header.revived()) {
      Boolean exists = buckets.put(number, true);
      if (!Boolean.FALSE.equals(exists) && !findings.isAnythingLost()) {
        wrong(place, "it brings back bucket " + number + ", which was not dropped");
      }
    }
    for (int number : header.dropped()) {
      requireBucket(place, number);
      buckets.put(number, false);
    }
    if (header.changes() == 0 && header.kind() == CommitKind.WRITE) {
      wrong(place, "a write of nothing, at sequence " + sequence);
    }
  }

  private void requireBucket(String place, int number) {
    Boolean exists = buckets.get(number);
    if (exists == null && !findings.isAnythingLost()) {
      wrong(place, "it names bucket " + number + ", which was never made");
    } else if (Boolean.FALSE.equals(exists)) {
      wrong(place, "it names bucket " + number + ", which was dropped before");
    }
  }

  private void check(String place, StoredChange change, @Nullable CommitKind kind) {
    requireBucket(place, change.bucket());
    String fault = change.id().startsWith("_") ? null : DocumentId.fault(change.id());
    if (fault != null) {
      wrong(place, "the document's id " + fault);
    }
    if (change.forgotten() != null) {
      return;
    }
    if (!isObject(change.body())) {
      wrong(place, "the body of " + change.id() + " is no JSON object");
    }
    if (change.purge()) {
      return;
    }
    boolean computed =
        change.revision().equals(digest.next(change.parent(), change.deleted(), change.body()));
    if (computed) {
      return;
    }
    foreign++;
    boolean madeHere =
        kind != null && kind != CommitKind.REPLICATED && change.path().size() <= MOST_PATH_HERE;
    if (madeHere) {
      wrong(
          place,
          "revision "
              + change.revision()
              + " of "
              + change.id()
              + " is not the digest of what it holds");
    }
  }

  private static boolean isObject(byte[] body) {
    try {
      return JsonText.parse(body).isObject();
    } catch (InvalidRequestException e) {
      return false;
    }
  }

  private void wrong(String place, String what) {
    findings.add(Severity.LOST, place, what);
  }

  /** Looks at how the log ends. */
  void end(long last) {
    CommitHeader open = commit;
    if (open != null) {
      wrong(
          "log record " + last,
          "the log ends within a commit: "
              + nextIndex
              + " of "
              + open.records()
              + " records are there");
    }
  }

  long commits() {
    return commits;
  }

  long foreign() {
    return foreign;
  }
}
