package io.millrace.view.index;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of some documents, as far as a query asks for them, one document after the other.
 *
 * <p>Documents and rows are looked up several at a time; besides them, the keys of the rows of as
 * many documents are kept in memory.
 */
final class ChangedRowCursor implements Cursor<Row> {
  private static final int LOOK_UPS = 64;

  private final StoreReader reader;
  private final Keyspace keyspace;
  private final RowQuery query;
  private final Iterator<String> documents;

  /** The keys of rows that come next. */
  private final Deque<byte[]> keys = new ArrayDeque<>();

  /** The rows that come next, before those of {@link #keys}. */
  private final Deque<Row> rows = new ArrayDeque<>();

  private @Nullable Row current;
  private boolean closed;

  ChangedRowCursor(
      StoreReader reader, Keyspace keyspace, RowQuery query, Collection<String> documents) {
    this.reader = reader;
    this.keyspace = keyspace;
    this.query = query;
    this.documents = documents.iterator();
  }

  @Override
  public boolean advance() {
    current = null;
    while (!closed && rows.isEmpty()) {
      if (!keys.isEmpty()) {
        readRows();
      } else if (documents.hasNext()) {
        readKeys();
      } else {
        return false;
      }
    }
    current = rows.poll();
    return current != null;
  }

  private void readKeys() {
    List<byte[]> ids = new ArrayList<>(LOOK_UPS);
    List<byte[]> listKeys = new ArrayList<>(LOOK_UPS);
    while (documents.hasNext() && ids.size() < LOOK_UPS) {
      byte[] id = documents.next().getBytes(StandardCharsets.UTF_8);
      ids.add(id);
      listKeys.add(RowLayout.documentKey(RowLayout.DOCUMENT, id));
    }
    List<byte @Nullable []> lists = reader.getAll(keyspace, listKeys);
    for (int i = 0; i < ids.size(); i++) {
      byte[] list = lists.get(i);
      if (list == null || RowList.isError(list)) {
        continue;
      }
      List<byte[]> collated = RowList.read(list).collated();
      for (int ordinal = 0; ordinal < collated.size(); ordinal++) {
        byte[] key = RowLayout.rowKey(collated.get(ordinal), ids.get(i), ordinal);
        if (query.asksFor(key)) {
          keys.add(key);
        }
      }
    }
  }

  private void readRows() {
    List<byte[]> next = new ArrayList<>(LOOK_UPS);
    while (!keys.isEmpty() && next.size() < LOOK_UPS) {
      next.add(keys.remove());
    }
    List<byte @Nullable []> stored = reader.getAll(keyspace, next);
    for (int i = 0; i < next.size(); i++) {
      byte[] value = stored.get(i);
      if (value == null) {
        throw new CorruptionException("row index", "a row is missing that its document lists");
      }
      rows.add(RowLayout.row(next.get(i), value));
    }
  }

  @Override
  public Row current() {
    if (current == null) {
      throw new IllegalStateException("not on a row");
    }
    return current;
  }

  @Override
  public void close() {
    closed = true;
    current = null;
    keys.clear();
    rows.clear();
  }
}
