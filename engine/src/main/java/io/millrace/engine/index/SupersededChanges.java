package io.millrace.engine.index;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreCursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one life of a bucket whose revisions were superseded up to a sequence, the
 * horizon: document by document, the newest first. Belongs to one thread; must be closed.
 *
 * <p>A change is superseded by the first change that was made from its revision. That no revision
 * becomes a leaf again, so that this holds for ever, follows from how trees grow: a leaf goes only
 * when it gets a child, and a child is never taken away but by a purge, which takes the whole
 * document. A bucket that is dropped and brought back keeps its number, and with it its rows as
 * they were; a rollback adds revisions on top of the present leaves. A revision that was cut off a
 * tree because of its depth and is sent again by a peer is a new change, with a sequence of its
 * own.
 *
 * <p>Only one row for each branch of the present document is held in memory.
 */
public final class SupersededChanges implements AutoCloseable {
  /** After so many rows the store is read anew, so that no old state of it is kept alive. */
  private static final int ROWS_AT_ONCE = 50_000;

  private static final int BYTES_PER_STEP = 64 << 10;
  private static final byte[] NOTHING = {};

  private final DocumentIndex index;
  private final int bucket;
  private final long horizon;
  private final long earlier;
  private final LongConsumer read;

  private @Nullable StoreCursor rows;
  private int rowsRead;
  private long bytesRead;

  /** What is left lies before this key. */
  private byte @Nullable [] next;

  private byte[] document = NOTHING;
  private final Map<Long, Long> firstChildren = new HashMap<>();
  private long changes;
  private long earlierChanges;
  private @Nullable DocumentRow present;

  private long sequence;
  private long superseded;
  private long newer;
  private long newerThen;

  /**
   * @param horizon what comes behind it counts as if it were not there
   * @param earlier the horizon of an earlier look, for {@link #newerThen}
   * @param read is told how many bytes were read, every now and then, and may wait
   */
  public SupersededChanges(
      DocumentIndex index, int bucket, long horizon, long earlier, LongConsumer read) {
    this.index = index;
    this.bucket = bucket;
    this.horizon = horizon;
    this.earlier = earlier;
    this.read = read;
    this.next = KeyRange.successorOfPrefix(Keys.bucket(bucket));
  }

  /** Moves to the next superseded change; false when there is none. */
  public boolean advance() {
    while (advanceRow()) {
      StoreCursor row = rows;
      if (row != null && take(row.key(), row)) {
        return true;
      }
    }
    return false;
  }

  private boolean advanceRow() {
    if (rows != null && rowsRead >= ROWS_AT_ONCE) {
      close();
    }
    if (rows == null) {
      rows =
          index
              .store()
              .range(index.history, KeyRange.between(Keys.bucket(bucket), next).reversed(true));
      rowsRead = 0;
    }
    rowsRead++;
    return rows.advance();
  }

  private boolean take(byte[] key, StoreCursor row) {
    next = key;
    boolean same =
        key.length == document.length
            && Arrays.equals(key, 0, key.length - Long.BYTES, document, 0, key.length - Long.BYTES);
    if (!same) {
      document = key;
      firstChildren.clear();
      changes = 0;
      earlierChanges = 0;
      present = null;
    }
    bytesRead += key.length;
    if (bytesRead >= BYTES_PER_STEP) {
      read.accept(bytesRead);
      bytesRead = 0;
    }
    sequence = Keys.sequenceAtEnd(key);
    // What belongs to the database itself is small, and is always kept.
    if (sequence > horizon || key[Integer.BYTES] == '_') {
      return false;
    }
    byte[] value = row.value();
    bytesRead += value.length;
    long parent = HistoryRow.decode(value).parentSequence();
    if (parent != 0) {
      // The children of a revision come newest first, so the first one comes last.
      firstChildren.put(parent, sequence);
    }
    newer = changes++;
    newerThen = sequence <= earlier ? earlierChanges++ : 0;
    Long child = firstChildren.remove(sequence);
    superseded = child == null ? supersededWithoutChild() : child;
    return superseded != 0;
  }

  /**
   * By what a revision without a child of its own was superseded: its descendants may have come
   * before their ancestry was known. Then the last change of the document is late enough. 0 when it
   * was not, or not before the horizon.
   */
  private long supersededWithoutChild() {
    if (newer == 0) {
      return 0;
    }
    if (present == null) {
      String id = new String(Keys.historyId(document), StandardCharsets.UTF_8);
      present = index.row(bucket, id);
    }
    if (present == null || present.lastSequence() > horizon) {
      return 0;
    }
    for (int i = 0; i < present.leaves().size(); i++) {
      if (present.leaves().get(i).sequence() == sequence) {
        return 0;
      }
    }
    return present.lastSequence();
  }

  /** The change that was superseded. */
  public long sequence() {
    return sequence;
  }

  /** The change that did it, or a later one. */
  public long superseded() {
    return superseded;
  }

  /** How many newer changes its document has. */
  public long newer() {
    return newer;
  }

  /** How many newer changes its document had at the earlier horizon, if it was there then. */
  public long newerThen() {
    return newerThen;
  }

  @Override
  public void close() {
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }
}
