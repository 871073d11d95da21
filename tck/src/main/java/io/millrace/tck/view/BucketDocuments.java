package io.millrace.tck.view;

import io.millrace.api.document.Change;
import io.millrace.api.document.Document;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Documents;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a bucket, in memory, for views that are tested without a database. Every reader
 * sees the newest state. Safe for use by many threads.
 */
public final class BucketDocuments implements Documents {
  /** By id, as UTF-8. */
  private final ConcurrentSkipListMap<byte[], Document> live =
      new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

  /** A bucket without documents. */
  public BucketDocuments() {}

  /** Makes the document what {@code change} says. */
  public void apply(Change change) {
    if (change.deleted()) {
      live.remove(utf8(change.id()));
    } else {
      live.put(
          utf8(change.id()),
          new Document(
              change.bucket(),
              change.id(),
              change.revision(),
              change.sequence(),
              false,
              Objects.requireNonNull(change.body(), "the change has no body"),
              List.of()));
    }
  }

  @Override
  public @Nullable Document find(String id, StoreReader reader) {
    return live.get(utf8(id));
  }

  @Override
  public Cursor<Document> range(KeyRange ids, StoreReader reader) {
    ConcurrentNavigableMap<byte[], Document> some = live.tailMap(ids.from());
    if (ids.isEmpty()) {
      some = new ConcurrentSkipListMap<>();
    } else if (ids.to() != null) {
      some = some.headMap(ids.to());
    }
    return new Walk((ids.reverse() ? some.descendingMap() : some).values().iterator());
  }

  private static byte[] utf8(String id) {
    return id.getBytes(StandardCharsets.UTF_8);
  }

  private static final class Walk implements Cursor<Document> {
    private final Iterator<Document> documents;
    private @Nullable Document current;

    Walk(Iterator<Document> documents) {
      this.documents = documents;
    }

    @Override
    public boolean advance() {
      current = documents.hasNext() ? documents.next() : null;
      return current != null;
    }

    @Override
    public Document current() {
      Document present = current;
      if (present == null) {
        throw new IllegalStateException("not on a document");
      }
      return present;
    }

    @Override
    public void close() {
      current = null;
    }
  }
}
