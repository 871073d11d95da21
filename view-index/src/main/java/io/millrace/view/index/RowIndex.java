package io.millrace.view.index;

import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewMethod;
import io.millrace.api.view.ViewStatistics;
import io.millrace.spi.ViewContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
    RowTotals totals = RowTotals.read(present.get(keyspace, statisticsKey));
    List<byte[]> listKeys = new ArrayList<>(documents.size());
    for (DocumentRows document : documents) {
      byte[] id = document.documentId().getBytes(StandardCharsets.UTF_8);
      listKeys.add(RowLayout.documentKey(RowLayout.DOCUMENT, id));
    }
    List<byte @Nullable []> lists = fresh ? List.of() : present.getAll(keyspace, listKeys);
    RowChanges changes = new RowChanges(totals, documents.size());
    for (int i = 0; i < documents.size(); i++) {
      changes.replace(documents.get(i), listKeys.get(i), fresh ? null : lists.get(i));
    }
    if (!changes.isEmpty()) {
      if (totals.areZero()) {
        // As if there had never been anything.
        batch.delete(keyspace, statisticsKey);
      } else {
        batch.put(keyspace, statisticsKey, totals.write());
      }
      changes.writeTo(batch, keyspace);
    }
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

  /**
   * These rows as something that finds documents.
   *
   * @param name as {@link PathIndex#name}
   * @param paths where the values of the keys are found
   * @param compound whether the keys are arrays of the values; otherwise there is one path
   */
  public PathIndex pathIndex(String name, List<MemberPath> paths, boolean compound) {
    return new RowPathIndex(this, name, paths, compound);
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
    RowTotals totals = RowTotals.read(reader.get(keyspace, new byte[] {RowLayout.STATISTICS}));
    return new ViewStatistics(totals.rows(), totals.bytes(), totals.errors());
  }

  /** The documents that could not be computed, in the order of their ids. */
  public Cursor<DocumentError> errors(StoreReader reader) {
    return new ErrorCursor(reader.range(keyspace, KeyRange.prefix(new byte[] {RowLayout.ERROR})));
  }
}
