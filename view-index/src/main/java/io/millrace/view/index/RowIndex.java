package io.millrace.view.index;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewMethod;
import io.millrace.api.view.ViewStatistics;
import io.millrace.spi.ViewContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the order of {@link JsonCollation}, then of document ids, then in the order in which
 * their document made them; with the documents that failed, and with totals.
 *
 * <p>All of it lies in one keyspace, of which no other key is used by anything else, and nothing is
 * remembered beside it: a batch that is given up leaves no trace.
 *
 * <p><b>Threads.</b> {@link #apply} is called by one thread at a time, each batch after the
 * previous one was written. Everything else may be called by any thread, and reads through the
 * reader given alone.
 */
public final class RowIndex {
  private final StoreReader present;
  private final Keyspace keyspace;

  /** The index that lies in the keyspace of {@code context}. */
  public RowIndex(ViewContext context) {
    this.present = context.reader();
    this.keyspace = context.keyspace();
  }

  /**
   * Adds to {@code batch} what makes the index hold {@code documents} as they are now.
   *
   * @param documents each document at most once
   * @param fresh whether the index is certain to hold nothing of any of them, so that there is
   *     nothing to look for
   */
  public void apply(List<DocumentRows> documents, boolean fresh, StoreBatch batch) {
    byte[] statisticsKey = {RowLayout.STATISTICS};
    Totals totals = Totals.read(present.get(keyspace, statisticsKey));
    List<byte[]> listKeys = new ArrayList<>(documents.size());
    for (DocumentRows document : documents) {
      byte[] id = document.documentId().getBytes(StandardCharsets.UTF_8);
      listKeys.add(RowLayout.documentKey(RowLayout.DOCUMENT, id));
    }
    List<byte @Nullable []> lists = fresh ? List.of() : present.getAll(keyspace, listKeys);
    boolean changed = false;
    for (int i = 0; i < documents.size(); i++) {
      byte[] before = fresh ? null : lists.get(i);
      changed |= replace(documents.get(i), listKeys.get(i), before, totals, batch);
    }
    if (changed) {
      batch.put(keyspace, statisticsKey, totals.write());
    }
  }

  private boolean replace(
      DocumentRows document,
      byte[] listKey,
      byte @Nullable [] before,
      Totals totals,
      StoreBatch batch) {
    boolean failed = document.error() != null;
    if (before == null && !failed && document.rows().isEmpty()) {
      return false;
    }
    byte[] id = Arrays.copyOfRange(listKey, 1, listKey.length);
    List<byte[]> rowKeys = rowKeys(document, id);
    byte[] after = failed ? RowList.ofError() : list(document, rowKeys);
    if (before != null) {
      remove(before, after, id, totals, batch);
    }
    if (failed) {
      byte[] message = document.error().getBytes(StandardCharsets.UTF_8);
      batch.put(keyspace, RowLayout.documentKey(RowLayout.ERROR, id), message);
      totals.errors++;
    }
    for (int i = 0; i < rowKeys.size(); i++) {
      byte[] stored = document.rows().get(i).stored();
      batch.put(keyspace, rowKeys.get(i), stored);
      totals.rows++;
      totals.bytes += rowKeys.get(i).length + stored.length;
    }
    if (after == null) {
      batch.delete(keyspace, listKey);
    } else if (!Arrays.equals(before, after)) {
      batch.put(keyspace, listKey, after);
    }
    return true;
  }

  /** Takes out what a document had; rows that will be overwritten need no deletion. */
  private void remove(
      byte[] before, byte @Nullable [] after, byte[] id, Totals totals, StoreBatch batch) {
    if (RowList.isError(before)) {
      totals.errors--;
      if (after == null || !RowList.isError(after)) {
        batch.delete(keyspace, RowLayout.documentKey(RowLayout.ERROR, id));
      }
      return;
    }
    RowList.Rows rows = RowList.read(before);
    totals.rows -= rows.collated().size();
    totals.bytes -= rows.bytes();
    if (after != null && !RowList.isError(after) && RowList.sameKeys(before, after)) {
      return;
    }
    for (int i = 0; i < rows.collated().size(); i++) {
      batch.delete(keyspace, RowLayout.rowKey(rows.collated().get(i), id, i));
    }
  }

  private static List<byte[]> rowKeys(DocumentRows document, byte[] id) {
    List<IndexRow> rows = document.rows();
    List<byte[]> keys = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      keys.add(RowLayout.rowKey(rows.get(i).collated(), id, i));
    }
    return keys;
  }

  private static byte @Nullable [] list(DocumentRows document, List<byte[]> rowKeys) {
    if (rowKeys.isEmpty()) {
      return null;
    }
    long bytes = 0;
    for (int i = 0; i < rowKeys.size(); i++) {
      bytes += rowKeys.get(i).length + document.rows().get(i).stored().length;
    }
    return RowList.of(document.rows(), bytes);
  }

  /** The rows that {@code query} asks for; nothing of them is gathered. */
  public Cursor<Row> read(RowQuery query, StoreReader reader) {
    return new RowCursor(reader, keyspace, query);
  }

  /**
   * The rows of {@code documents} that {@code query} asks for: one document after the other in the
   * order given, the rows of each as it made them. The limit of the query is not heeded.
   */
  public Cursor<Row> read(RowQuery query, Collection<String> documents, StoreReader reader) {
    return new ChangedRowCursor(reader, keyspace, query, documents);
  }

  /** The method by which a view shows these rows: they can be listed in ranges and followed. */
  public ViewMethod.Source source() {
    return new ViewMethod.Source(
        RowQuery.PARAMETERS,
        (arguments, reader) -> read(RowQuery.parse(arguments), reader),
        (arguments, documents, reader) ->
            read(RowQuery.parseFollowed(arguments), documents, reader));
  }

  /** How many rows {@code query} asks for; they are walked over unless it asks for all. */
  public long count(RowQuery query, StoreReader reader) {
    if (query.isEverything()) {
      return Math.min(statistics(reader).rows(), query.limit());
    }
    long count = 0;
    try (RowCursor rows = new RowCursor(reader, keyspace, query)) {
      while (rows.advance()) {
        count++;
      }
    }
    return count;
  }

  /** How many rows, bytes and errors there are. */
  public ViewStatistics statistics(StoreReader reader) {
    Totals totals = Totals.read(reader.get(keyspace, new byte[] {RowLayout.STATISTICS}));
    return new ViewStatistics(totals.rows, totals.bytes, totals.errors);
  }

  /** The documents that could not be computed, in the order of their ids. */
  public Cursor<DocumentError> errors(StoreReader reader) {
    return new ErrorCursor(reader.range(keyspace, KeyRange.prefix(new byte[] {RowLayout.ERROR})));
  }

  /** The counters while a batch is made. */
  private static final class Totals {
    private long rows;
    private long bytes;
    private long errors;

    static Totals read(byte @Nullable [] stored) {
      Totals totals = new Totals();
      if (stored != null) {
        try {
          ByteSource source = new ByteSource(stored);
          totals.rows = source.readVarint();
          totals.bytes = source.readVarint();
          totals.errors = source.readVarint();
        } catch (ArrayIndexOutOfBoundsException e) {
          throw new CorruptionException("row index", "the totals are cut short", e);
        }
      }
      return totals;
    }

    byte[] write() {
      ByteSink stored = new ByteSink(16);
      stored.putVarint(rows);
      stored.putVarint(bytes);
      stored.putVarint(errors);
      return stored.toArray();
    }
  }
}
