package io.millrace.sync;

import io.millrace.api.document.Body;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.sync.SyncedChange;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where things are in the store: keyspaces whose names begin alike.
 *
 * <p>{@code documents}: id to body. {@code meta}: what kind of documents these are, and how far a
 * client or a server has come. {@code dirty}, of clients: id to {@link DirtyRow}. {@code changes}
 * and {@code latest}, of servers: the number of the newest change of each document, 8 bytes
 * big-endian, to its id and whether it is deleted; and the other way round.
 */
final class Keyspaces {
  private static final byte[] KIND = {'k'};
  private static final int FORMAT = 1;

  final Store store;
  final Keyspace documents;
  final Keyspace meta;
  final Keyspace dirty;
  final Keyspace changes;
  final Keyspace latest;

  Keyspaces(Store store, String name) {
    this.store = store;
    documents = store.keyspace(name + ".documents");
    meta = store.keyspace(name + ".meta");
    dirty = store.keyspace(name + ".dirty");
    changes = store.keyspace(name + ".changes");
    latest = store.keyspace(name + ".latest");
  }

  /** Makes sure that what is here was made in {@code mode}, or that nothing is here yet. */
  void require(SyncMode mode) {
    byte[] kind = {FORMAT, (byte) mode.ordinal()};
    byte[] found = store.get(meta, KIND);
    if (found == null) {
      try (StoreBatch batch = store.batch()) {
        batch.put(meta, KIND, kind);
        store.write(batch);
      }
      return;
    }
    if (found.length != kind.length || found[0] != FORMAT) {
      throw new UnsupportedException(
          "unknown-format", "the documents were written in a format that this version cannot read");
    }
    if (found[1] != kind[1]) {
      throw new InvalidRequestException(
          "wrong-mode",
          "the documents were made in the mode "
              + SyncMode.values()[found[1]]
              + " and cannot be opened as "
              + mode);
    }
  }

  @Nullable Body body(String id) {
    byte[] json = store.get(documents, IdRange.utf8(id));
    return json == null ? null : Body.ofCheckedJson(json);
  }

  StoreCursor rows(IdRange range) {
    KeyRange keys = range.keys();
    return store.range(documents, keys);
  }

  /** Adds to {@code batch} what becomes of the document itself. */
  void set(StoreBatch batch, SyncedChange change) {
    Body body = change.body();
    if (body == null) {
      batch.delete(documents, IdRange.utf8(change.id()));
    } else {
      batch.put(documents, IdRange.utf8(change.id()), body.json());
    }
  }

  static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
