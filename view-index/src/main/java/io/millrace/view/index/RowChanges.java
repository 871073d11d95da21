package io.millrace.view.index;

import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a batch changes in an index. For one thread and one batch. */
final class RowChanges {
  private final RowTotals totals;

  /** Apart from the rows: documents mostly come in the order of their ids, which is theirs. */
  private final OrderedChanges entries;

  private final OrderedChanges rows;

  RowChanges(RowTotals totals, int documents) {
    this.totals = totals;
    this.entries = new OrderedChanges(documents);
    this.rows = new OrderedChanges(documents);
  }

  boolean isEmpty() {
    return entries.isEmpty() && rows.isEmpty();
  }

  void writeTo(StoreBatch batch, Keyspace keyspace) {
    entries.writeTo(batch, keyspace);
    rows.writeTo(batch, keyspace);
  }

  /**
   * Puts {@code document} in the place of what is there of it.
   *
   * @param before the document's list; null when there is none
   */
  void replace(DocumentRows document, byte[] listKey, byte @Nullable [] before) {
    String error = document.error();
    if (before == null && error == null && document.rows().isEmpty()) {
      return;
    }
    byte[] id = Arrays.copyOfRange(listKey, 1, listKey.length);
    byte[] after = error == null ? put(document.rows(), id) : RowList.ofError();
    if (before != null) {
      remove(before, after, id);
    }
    if (error != null) {
      byte[] message = error.getBytes(StandardCharsets.UTF_8);
      entries.put(RowLayout.documentKey(RowLayout.ERROR, id), message);
      totals.countErrors(1);
    }
    if (after == null) {
      entries.delete(listKey);
    } else if (!Arrays.equals(before, after)) {
      entries.put(listKey, after);
    }
  }

  /** Puts rows, and gives the document's list, null for no rows. */
  private byte @Nullable [] put(List<IndexRow> made, byte[] id) {
    if (made.isEmpty()) {
      return null;
    }
    long bytes = 0;
    for (int i = 0; i < made.size(); i++) {
      byte[] key = RowLayout.rowKey(made.get(i).collated(), id, i);
      byte[] stored = made.get(i).stored();
      rows.put(key, stored);
      bytes += key.length + stored.length;
    }
    totals.countRows(made.size(), bytes);
    return RowList.of(made, bytes);
  }

  /** Takes out what a document had; rows that will be overwritten need no deletion. */
  private void remove(byte[] before, byte @Nullable [] after, byte[] id) {
    if (RowList.isError(before)) {
      totals.countErrors(-1);
      if (after == null || !RowList.isError(after)) {
        entries.delete(RowLayout.documentKey(RowLayout.ERROR, id));
      }
      return;
    }
    RowList.Rows had = RowList.read(before);
    totals.countRows(-had.collated().size(), -had.bytes());
    if (after != null && !RowList.isError(after) && RowList.sameKeys(before, after)) {
      return;
    }
    for (int i = 0; i < had.collated().size(); i++) {
      rows.delete(RowLayout.rowKey(had.collated().get(i), id, i));
    }
  }
}
