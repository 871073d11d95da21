package io.millrace.engine.read;

import io.millrace.api.document.Blame;
import io.millrace.api.document.Body;
import io.millrace.api.document.Commit;
import io.millrace.api.document.Document;
import io.millrace.api.document.JsonText;
import io.millrace.api.document.JsonText.Member;
import io.millrace.api.document.Revision;
import io.millrace.api.error.CorruptionException;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.HistoryRow;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds who last changed each member of a document: from its revision back along the ancestors
 * until every member was once different or not there, or the body of an ancestor was forgotten.
 * Safe for use by many threads.
 */
final class BlameReader {
  private final DocumentIndex index;
  private final RecordReader records;

  BlameReader(DocumentIndex index, RecordReader records) {
    this.index = index;
    this.records = records;
  }

  /** The blame of {@code document}, which is of {@code bucket}. */
  Blame of(BucketState bucket, Document document) {
    List<Member> members = JsonText.parse(document.body().json()).members();
    Map<String, byte[]> open = new HashMap<>();
    members.forEach(member -> open.put(member.name(), member.value()));
    Map<String, Blame.Member> found = new HashMap<>();
    long at = document.sequence();
    while (!open.isEmpty()) {
      HistoryRow row = index.history(bucket.number(), document.id(), at);
      if (row == null) {
        throw new CorruptionException(
            "keyspace history", "there is no row for " + document.id() + " and sequence " + at);
      }
      StoredChange parent = row.parentSequence() == 0 ? null : records.change(row.parentSequence());
      if (parent != null && parent.forgotten() != null) {
        add(found, List.copyOf(open.keySet()), row.revision(), at, true);
        break;
      }
      Map<String, byte[]> before = members(parent);
      List<String> changed = changed(open, before);
      if (!changed.isEmpty()) {
        add(found, changed, row.revision(), at, false);
        changed.forEach(open::remove);
      }
      at = row.parentSequence();
    }
    List<Blame.Member> inOrder = new ArrayList<>();
    members.forEach(member -> inOrder.add(found.get(member.name())));
    return new Blame(document, List.copyOf(inOrder));
  }

  private static Map<String, byte[]> members(@Nullable StoredChange change) {
    Body body = change == null ? Body.EMPTY : Body.ofCheckedJson(change.body());
    Map<String, byte[]> members = new HashMap<>();
    for (Member member : JsonText.parse(body.json()).members()) {
      members.put(member.name(), member.value());
    }
    return members;
  }

  private static List<String> changed(Map<String, byte[]> open, Map<String, byte[]> before) {
    List<String> changed = new ArrayList<>();
    open.forEach(
        (name, value) -> {
          if (!Arrays.equals(value, before.get(name))) {
            changed.add(name);
          }
        });
    return changed;
  }

  private void add(
      Map<String, Blame.Member> found,
      List<String> names,
      Revision revision,
      long sequence,
      boolean forgotten) {
    LogRecord record = records.record(sequence);
    Commit commit = records.commitOf(sequence, record);
    names.forEach(
        name -> found.put(name, new Blame.Member(name, revision, sequence, commit, forgotten)));
  }
}
