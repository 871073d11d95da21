package io.millrace.engine.replication;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.Commit;
import io.millrace.api.document.Origin;
import io.millrace.api.document.Revision;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentKey;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.log.NearbyRecords;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.engine.replication.Replica.Answer;
import io.millrace.engine.revision.RevisionTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads revisions for peers. Safe for use by many threads. */
final class RevisionReader {
  private static final int RECORDS_AT_ONCE = 256;

  /** What a revision takes beside its body, its ancestors and its texts, roughly. */
  private static final int BYTES_PER_REVISION = 96;

  private final UUID database;
  private final DocumentIndex index;
  private final EngineLog log;
  private final PresentTrees trees;

  /**
   * @param database where commits were made that do not say otherwise
   */
  RevisionReader(UUID database, DocumentIndex index, EngineLog log, PresentTrees trees) {
    this.database = database;
    this.index = index;
    this.log = log;
    this.trees = trees;
  }

  /**
   * As {@link Replica#read}.
   *
   * @param since the last sequence that can be read
   */
  Answer read(List<Wanted> wanted, Selection selection, long maxBytes, long since) {
    try (Reading reading = new Reading(wanted, selection, maxBytes, since)) {
      while (!reading.done()) {
        reading.step();
      }
      return new Answer(reading.sent, reading.answered);
    }
  }

  /** A change that is still to be looked at more closely; null for one that is not there. */
  private record Found(Wanted wanted, @Nullable LogRecord record, @Nullable StoredChange change) {}

  /** The answer to one request while it is made. */
  private final class Reading implements AutoCloseable {
    private final List<Wanted> wanted;
    private final boolean fullHistory;
    private final SelectedBuckets buckets;
    private final NearbyRecords records = log.nearby();
    private final long maxBytes;
    private final long since;
    private final List<Sent> sent = new ArrayList<>();
    private int answered;
    private long bytes;
    private boolean full;

    /** The commit that was met last, since its changes follow one another. */
    private @Nullable Commit commit;

    /** The tree that was looked at last, since a document's leaves follow one another. */
    private @Nullable RevisionTree tree;

    private @Nullable DocumentKey treeOf;

    Reading(List<Wanted> wanted, Selection selection, long maxBytes, long since) {
      this.wanted = wanted;
      this.fullHistory = selection.fullHistory();
      this.buckets = new SelectedBuckets(index.buckets(), selection);
      this.maxBytes = maxBytes;
      this.since = since;
    }

    boolean done() {
      return full || answered == wanted.size();
    }

    /** Answers some of what is wanted, so that the rows needed are read together. */
    void step() {
      List<Found> found = new ArrayList<>();
      List<DocumentKey> keys = new ArrayList<>();
      List<Long> sequences = new ArrayList<>();
      long expected = bytes;
      for (int i = answered; i < wanted.size() && found.size() < RECORDS_AT_ONCE; i++) {
        Found next = find(wanted.get(i));
        found.add(next);
        StoredChange change = next.change();
        if (change != null) {
          keys.add(new DocumentKey(change.bucket(), change.id()));
          sequences.add(next.wanted().sequence());
          expected += change.body().length;
        }
        if (expected >= maxBytes) {
          break;
        }
      }
      boolean[] present = present(keys, sequences);
      int at = 0;
      for (Found one : found) {
        LogRecord record = one.record();
        StoredChange change = one.change();
        if (record != null && change != null && present[at++]) {
          add(one.wanted(), record, change, keys.get(at - 1));
        }
        if (full) {
          return;
        }
        answered++;
      }
    }

    /** The log has what was purged until it is erased; most of the time there is nothing such. */
    private boolean[] present(List<DocumentKey> keys, List<Long> sequences) {
      if (index.purges().isEmpty()) {
        boolean[] all = new boolean[keys.size()];
        Arrays.fill(all, true);
        return all;
      }
      return index.inHistory(keys, sequences.stream().mapToLong(Long::longValue).toArray());
    }

    private Found find(Wanted one) {
      if (one.sequence() < 1 || one.sequence() > since) {
        return new Found(one, null, null);
      }
      LogRecord record = records.record(one.sequence());
      StoredChange change = record.change();
      boolean right =
          change != null
              && change.forgotten() == null
              && change.revision().equals(one.revision())
              && buckets.includes(change.bucket());
      return new Found(one, record, right ? change : null);
    }

    private void add(Wanted one, LogRecord record, StoredChange change, DocumentKey key) {
      Attribution attribution = attribution(one.sequence(), record);
      List<Revision> path = path(change, key, one.known());
      long more =
          BYTES_PER_REVISION
              + change.body().length
              + (long) path.size() * Revision.DIGEST_BYTES
              + utf8(change.id())
              + utf8(attribution.author())
              + utf8(attribution.message());
      if (!sent.isEmpty() && bytes + more > maxBytes) {
        full = true;
        return;
      }
      bytes += more;
      sent.add(
          new Sent(
              one.sequence(),
              buckets.name(change.bucket()),
              change.id(),
              path,
              change.deleted(),
              Body.ofCheckedJson(change.body()),
              attribution));
    }

    private Attribution attribution(long sequence, LogRecord record) {
      Commit its = commit;
      if (its == null || sequence < its.first() || sequence > its.last()) {
        its = log.commitOf(sequence, record);
        commit = its;
      }
      Attribution here = its.attribution();
      return here.origin() != null
          ? here
          : new Attribution(here.author(), here.message(), new Origin(database, its.time()));
    }

    /** The revision and its ancestors, up to one that the peer knows. */
    private List<Revision> path(StoredChange change, DocumentKey key, List<Revision> known) {
      List<Revision> recorded = change.path();
      List<Revision> enough = cut(recorded, known);
      // Of a full history, the ancestors come with their own ancestries.
      if (enough != null || fullHistory || isWhole(recorded)) {
        return enough == null ? recorded : enough;
      }
      List<Revision> ancestry = tree(key).ancestry(change.revision());
      if (ancestry.size() <= recorded.size()) {
        return recorded;
      }
      enough = cut(ancestry, known);
      return enough == null ? ancestry : enough;
    }

    private RevisionTree tree(DocumentKey key) {
      RevisionTree last = tree;
      if (last != null && key.equals(treeOf)) {
        return last;
      }
      RevisionTree loaded = trees.of(key);
      tree = loaded;
      treeOf = key;
      return loaded;
    }

    @Override
    public void close() {
      records.close();
    }
  }

  /** The beginning of {@code path} up to the first ancestor in {@code known}; null without one. */
  private static @Nullable List<Revision> cut(List<Revision> path, List<Revision> known) {
    for (int i = 1; i < path.size() && !known.isEmpty(); i++) {
      if (known.contains(path.get(i))) {
        return path.subList(0, i + 1);
      }
    }
    return null;
  }

  private static boolean isWhole(List<Revision> path) {
    return path.get(path.size() - 1).generation() == 1;
  }

  private static int utf8(@Nullable String text) {
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }
}
