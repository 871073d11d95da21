package io.millrace.engine.maintenance;

import io.millrace.api.error.MillraceException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreCursor;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.Buckets;
import io.millrace.engine.index.Checkpoint;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.maintenance.Finding.Severity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Compares the rows of an index with those that a replay of the log gives. For one thread. */
final class IndexCheck {
  private static final List<String> KEYSPACES =
      List.of("documents", "history", "activity", "latest", Checkpoints.META);
  private static final int MOST_FOR_KEYSPACE = 100;
  private static final int ROWS_PER_REPORT = 10_000;
  private static final int MOST_DOCUMENTS = 1_000;
  static final String REPAIR =
      "; delete the folder of the store while no server runs: it is built again at the next start";

  /** Incarnation and sequence; the time after them may be that of a commit that came to nothing. */
  private static final int CHECKPOINT_BYTES = 24;

  /** Those in which a large commit has rows before its checkpoint is there. */
  private static final List<String> WRITTEN_AHEAD = List.of("history", "activity", "latest");

  private final Store store;
  private final Findings findings;
  private final ProgressListener listener;

  /** Rows ahead of this are passed over. */
  private long indexed = Long.MAX_VALUE;

  IndexCheck(Store store, Findings findings, ProgressListener listener) {
    this.store = store;
    this.findings = findings;
    this.listener = listener;
  }

  /**
   * Compares all keyspaces of the index with those of {@code expected}. When a process ended while
   * it indexed a large commit, the rows of it that are there are passed over.
   *
   * @param checkpoint of the index
   */
  void compareWith(Store expected, Checkpoint checkpoint) {
    if (DocumentIndex.hidden(store) > checkpoint.sequence()) {
      indexed = checkpoint.sequence();
      findings.add(
          Severity.HARMLESS,
          "keyspace meta, key 68",
          "the index of a large commit is there in part; it is completed at the next start");
    }
    for (String keyspace : KEYSPACES) {
      try {
        compare(keyspace, expected);
      } catch (MillraceException e) {
        findings.add(Severity.REPAIRABLE, "keyspace " + keyspace, e, REPAIR);
      }
    }
  }

  private void compare(String name, Store expected) {
    try (StoreCursor here = store.range(store.keyspace(name), KeyRange.all());
        StoreCursor there = expected.range(expected.keyspace(name), KeyRange.all())) {
      boolean haveHere = advance(name, here);
      boolean haveThere = there.advance();
      long rows = 0;
      int differences = 0;
      while ((haveHere || haveThere) && differences < MOST_FOR_KEYSPACE) {
        int order =
            !haveThere ? -1 : !haveHere ? 1 : Arrays.compareUnsigned(here.key(), there.key());
        if (order == 0 && same(name, here, there)) {
          haveHere = advance(name, here);
          haveThere = there.advance();
        } else {
          differences++;
          differs(name, order > 0 ? there.key() : here.key(), order);
          haveHere = order <= 0 ? advance(name, here) : haveHere;
          haveThere = order >= 0 ? there.advance() : haveThere;
        }
        if (++rows % ROWS_PER_REPORT == 0) {
          listener.progress("comparing the index: " + name, rows, rows, "rows");
        }
      }
    }
  }

  private boolean advance(String name, StoreCursor here) {
    while (here.advance()) {
      if (indexed == Long.MAX_VALUE || !isAhead(name, here.key())) {
        return true;
      }
    }
    return false;
  }

  private boolean isAhead(String name, byte[] key) {
    return name.equals(Checkpoints.META)
        ? Arrays.equals(key, Checkpoints.HIDDEN_KEY)
        : WRITTEN_AHEAD.contains(name)
            && key.length >= Long.BYTES
            && ByteBuffer.wrap(key).getLong(key.length - Long.BYTES) > indexed;
  }

  private static boolean same(String name, StoreCursor here, StoreCursor there) {
    byte[] one = here.value();
    byte[] other = there.value();
    if (name.equals(Checkpoints.META)
        && Arrays.equals(here.key(), Checkpoints.INDEX_KEY)
        && one.length == other.length) {
      return Arrays.equals(one, 0, CHECKPOINT_BYTES, other, 0, CHECKPOINT_BYTES);
    }
    return Arrays.equals(one, other);
  }

  private void differs(String name, byte[] key, int order) {
    String how =
        order < 0
            ? "a row that the log does not lead to"
            : order > 0 ? "a row is missing" : "a row differs from what the log leads to";
    findings.add(
        Severity.REPAIRABLE,
        "keyspace " + name + ", key " + HexFormat.of().formatHex(key),
        how + REPAIR);
  }

  /**
   * Looks at the checkpoints of views, and reads all their rows.
   *
   * @param checkpoint of the index
   */
  void checkViews(Incarnation incarnation, @Nullable Checkpoint checkpoint) {
    long indexed = checkpoint == null ? 0 : checkpoint.sequence();
    try (StoreCursor rows = store.range(store.keyspace(Checkpoints.VIEWS), KeyRange.all())) {
      while (rows.advance()) {
        String wrong = Checkpoints.viewFault(rows.key(), rows.value(), incarnation, indexed);
        if (wrong != null) {
          findings.add(
              Severity.REPAIRABLE,
              "keyspace views, key " + HexFormat.of().formatHex(rows.key()),
              wrong + "; the view is built again at the next start");
        }
      }
    } catch (MillraceException e) {
      findings.add(Severity.REPAIRABLE, "keyspace views", e, REPAIR);
    }
    readThroughViews();
  }

  private void readThroughViews() {
    for (String name : store.keyspaces()) {
      if (KEYSPACES.contains(name)) {
        continue;
      }
      try (StoreCursor rows = store.range(store.keyspace(name), KeyRange.all())) {
        long read = 0;
        while (rows.advance()) {
          rows.value();
          if (++read % ROWS_PER_REPORT == 0) {
            listener.progress("reading views: " + name, read, read, "rows");
          }
        }
      } catch (MillraceException e) {
        findings.add(Severity.REPAIRABLE, "keyspace " + name, e, REPAIR);
      }
    }
  }

  /**
   * The documents that have changes among some sequences, as {@code bucket/id}, as far as the index
   * tells.
   */
  List<String> documentsOf(LongPredicate sequences) {
    TreeSet<String> found = new TreeSet<>();
    try (StoreCursor rows = store.range(store.keyspace("history"), KeyRange.all())) {
      Buckets buckets = new DocumentIndex(store).buckets();
      while (rows.advance() && found.size() < MOST_DOCUMENTS) {
        byte[] key = rows.key();
        if (sequences.test(ByteBuffer.wrap(key).getLong(key.length - Long.BYTES))) {
          int number = ByteBuffer.wrap(key).getInt();
          BucketState bucket = buckets.numbered(number);
          String id = new String(key, 4, key.length - 13, StandardCharsets.UTF_8);
          found.add((bucket == null ? "bucket " + number : bucket.name()) + "/" + id);
        }
      }
    } catch (MillraceException e) {
      findings.add(Severity.REPAIRABLE, "keyspace history", e, REPAIR);
    }
    return List.copyOf(found);
  }
}
