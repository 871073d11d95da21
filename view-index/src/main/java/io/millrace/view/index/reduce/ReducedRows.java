package io.millrace.view.index.reduce;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewMethod;
import io.millrace.spi.ViewContext;
import io.millrace.view.index.DocumentRows;
import io.millrace.view.index.IndexRow;
import io.millrace.view.index.RowIndex;
import io.millrace.view.index.RowQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rows of an index together with partial reductions of them.
 *
 * <p>Everything lies in the keyspace of the rows. A batch that changes rows marks the partial
 * reductions above them; {@link #settle} computes them again, in portions. Answers do not depend on
 * what is computed, only their cost does.
 *
 * <p><b>Threads.</b> {@link #apply} and {@link #settle} are called by one thread at a time, each
 * after the previous batch was written. Everything else may be called by any thread, and reads
 * through the reader given alone.
 */
public final class ReducedRows {
  /** The names of the parameters that say how rows are reduced. */
  public static final Set<String> PARAMETERS = Set.of("reduce", "group", "level");

  private final StoreReader present;
  private final Keyspace keyspace;
  private final RowIndex index;
  private final Reducer reducer;

  /**
   * Reduces the rows of {@code index}.
   *
   * @param context whose keyspace the rows lie in
   */
  public ReducedRows(ViewContext context, RowIndex index, Reducer reducer) {
    this.present = context.reader();
    this.keyspace = context.keyspace();
    this.index = index;
    this.reducer = reducer;
  }

  /**
   * As {@link RowIndex#apply}; a document with a row that the reducer refuses becomes an error.
   *
   * @param documents each document at most once
   */
  public void apply(List<DocumentRows> documents, boolean fresh, StoreBatch batch) {
    List<DocumentRows> accepted = new ArrayList<>(documents.size());
    for (DocumentRows document : documents) {
      accepted.add(accepted(document));
    }
    WatchedBatch watched = new WatchedBatch(present, keyspace, batch);
    index.apply(accepted, fresh, watched);
    watched.markChanged(keyspace);
  }

  private DocumentRows accepted(DocumentRows document) {
    for (IndexRow row : document.rows()) {
      String refusal = reducer.refusal(row.toStored());
      if (refusal != null) {
        return DocumentRows.failed(document.documentId(), refusal);
      }
    }
    return document;
  }

  /**
   * Computes a portion of what is not computed, as {@link io.millrace.api.view.View#settle} says.
   *
   * @return whether there may be more
   */
  public boolean settle(StoreBatch batch) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (present.get(keyspace, NodeLayout.BEGUN_KEY) == null) {
      batch.put(keyspace, NodeLayout.BEGUN_KEY, NodeLayout.BEGUN);
    }
    return !new NodeWork(present, keyspace, reducer, batch).settle();
  }

  /**
   * The method by which a view shows its rows reduced, or with {@code reduce=false} as they are.
   * Rows that are reduced cannot be followed.
   */
  public ViewMethod.Source source() {
    ViewMethod.Source plain = index.source();
    Set<String> parameters = new TreeSet<>(plain.parameters());
    parameters.addAll(PARAMETERS);
    return new ViewMethod.Source(
        Set.copyOf(parameters),
        this::read,
        (arguments, documents, reader) -> {
          if (Grouping.parse(arguments) != null) {
            throw new InvalidRequestException(
                "not-live", "reduced rows cannot be followed; with reduce=false rows can");
          }
          return index.read(RowQuery.parseFollowed(arguments), documents, reader);
        });
  }

  private Cursor<Row> read(ViewArguments arguments, StoreReader reader) {
    Grouping grouping = Grouping.parse(arguments);
    if (grouping == null) {
      return index.read(RowQuery.parse(arguments), reader);
    }
    RangeReader ranges = new RangeReader(reader, keyspace, reducer);
    if (!grouping.isGrouped()) {
      if (arguments.has("after")) {
        throw Grouping.refused("after", "needs 'group' or 'level': there is one row alone");
      }
      RowQuery query = RowQuery.parse(arguments);
      return new TotalCursor(ranges, ascending(query, arguments), query.limit());
    }
    RowQuery query = RowQuery.parse(Grouping.behindGroup(arguments));
    return arguments.flag("reverse")
        ? new ReverseGroupCursor(ranges, grouping, query)
        : new GroupCursor(ranges, grouping, query);
  }

  private static List<KeyRange> ascending(RowQuery query, ViewArguments arguments) {
    List<KeyRange> ranges = new ArrayList<>(query.ranges());
    if (arguments.flag("reverse")) {
      Collections.reverse(ranges);
    }
    return ranges;
  }
}
