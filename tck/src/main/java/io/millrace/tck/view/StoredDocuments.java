package io.millrace.tck.view;

import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.Document;
import io.millrace.api.document.Revision;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Documents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The documents of a bucket in a keyspace, so that each reader sees those of its moment. */
final class StoredDocuments implements Documents {
  private final Keyspace keyspace;
  private final Keyspace newest;

  StoredDocuments(Keyspace keyspace, Keyspace newest) {
    this.keyspace = keyspace;
    this.newest = newest;
  }

  /** Makes the document what {@code change} says. */
  void apply(Change change, StoreBatch batch) {
    byte[] sequence = Long.toString(change.sequence()).getBytes(StandardCharsets.UTF_8);
    batch.put(newest, new byte[0], sequence);
    byte[] key = change.id().getBytes(StandardCharsets.UTF_8);
    if (change.deleted()) {
      batch.delete(keyspace, key);
    } else {
      String text = change.sequence() + " " + change.revision() + " " + change.body();
      batch.put(keyspace, key, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A number that is another whenever the documents are others. */
  long newest(StoreReader reader) {
    byte[] stored = reader.get(newest, new byte[0]);
    return stored == null ? 0 : Long.parseLong(new String(stored, StandardCharsets.UTF_8));
  }

  @Override
  public @Nullable Document find(String id, StoreReader reader) {
    byte[] stored = reader.get(keyspace, id.getBytes(StandardCharsets.UTF_8));
    return stored == null ? null : document(id, stored);
  }

  private static Document document(String id, byte[] stored) {
    String[] parts = new String(stored, StandardCharsets.UTF_8).split(" ", 3);
    return new Document(
        ViewExample.BUCKET,
        id,
        Revision.parse(parts[1]),
        Long.parseLong(parts[0]),
        false,
        Body.ofCheckedJson(parts[2].getBytes(StandardCharsets.UTF_8)),
        List.of());
  }

  @Override
  public Cursor<Document> range(KeyRange ids, StoreReader reader) {
    return new Walk(reader.range(keyspace, ids));
  }

  private record Walk(StoreCursor stored) implements Cursor<Document> {
    @Override
    public boolean advance() {
      return stored.advance();
    }

    @Override
    public Document current() {
      return document(new String(stored.key(), StandardCharsets.UTF_8), stored.value());
    }

    @Override
    public void close() {
      stored.close();
    }
  }
}
