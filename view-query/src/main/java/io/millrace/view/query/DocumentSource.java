package io.millrace.view.query;

import io.millrace.api.document.Document;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.Documents;
import io.millrace.api.view.Row;
import io.millrace.view.index.JsonCollation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Documents, one after the other, with their places.
 *
 * @param <T> what tells of them
 */
final class DocumentSource<T> implements Stage.Source, AutoCloseable {
  private final Supplier<Cursor<T>> opening;
  private final Function<T, @Nullable Item> item;
  private @Nullable Cursor<T> cursor;
  private boolean ended;

  private DocumentSource(Supplier<Cursor<T>> opening, Function<T, @Nullable Item> item) {
    this.opening = opening;
    this.item = item;
  }

  /** The documents of some rows of an index, behind a place in it, or from the first on. */
  static DocumentSource<Row> ofRows(
      Supplier<Cursor<Row>> rows,
      String index,
      Documents documents,
      StoreReader reader,
      Predicate<Row> wanted) {
    return new DocumentSource<>(
        rows,
        row -> {
          Document document = wanted.test(row) ? documents.find(row.documentId(), reader) : null;
          return document == null
              ? null
              : Item.of(document, Place.inIndex(index, row.key(), row.documentId()));
        });
  }

  /** What lies behind {@code place} in the order of an index. For one walk over its rows. */
  static Predicate<Row> behind(Place.InIndex place, boolean reverse) {
    byte[] key = JsonCollation.encode(place.key());
    return new Predicate<>() {
      private boolean passed;

      @Override
      public boolean test(Row row) {
        if (!passed) {
          int order = Arrays.compareUnsigned(JsonCollation.encode(row.key()), key);
          order = order == 0 ? compareIds(row.documentId(), place.id()) : order;
          passed = reverse ? order < 0 : order > 0;
        }
        return passed;
      }
    };
  }

  /** The documents that an index lacks because they could not be indexed. */
  static DocumentSource<DocumentError> ofErrors(
      Supplier<Cursor<DocumentError>> errors,
      String index,
      Documents documents,
      StoreReader reader,
      @Nullable String behind) {
    return new DocumentSource<>(
        errors,
        error -> {
          if (behind != null && compareIds(error.id(), behind) <= 0) {
            return null;
          }
          Document document = documents.find(error.id(), reader);
          return document == null ? null : Item.of(document, Place.behindIndex(index, error.id()));
        });
  }

  /**
   * All documents behind one of them, or from the first on.
   *
   * @param reverse whether the highest id comes first
   */
  static DocumentSource<Document> ofAll(
      Documents documents, StoreReader reader, @Nullable String behind, boolean reverse) {
    KeyRange ids = behind == null ? KeyRange.all() : idsBehind(behind, reverse);
    return new DocumentSource<>(
        () -> documents.range(ids.reversed(reverse), reader),
        document -> Item.of(document, Place.atDocument(document.id())));
  }

  private static KeyRange idsBehind(String id, boolean reverse) {
    byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
    return reverse
        ? KeyRange.between(new byte[0], utf8)
        : KeyRange.between(Arrays.copyOf(utf8, utf8.length + 1), null);
  }

  /**
   * Some documents, in their order.
   *
   * @param places where each is found
   */
  static DocumentSource<String> ofIds(
      Iterator<String> ids,
      Documents documents,
      StoreReader reader,
      Function<Document, byte[]> places) {
    return new DocumentSource<>(
        () -> new Walk<>(ids),
        id -> {
          Document document = documents.find(id, reader);
          return document == null ? null : Item.of(document, places.apply(document));
        });
  }

  private static int compareIds(String left, String right) {
    return Arrays.compareUnsigned(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public @Nullable Item next() {
    if (ended) {
      return null;
    }
    Cursor<T> open = cursor;
    if (open == null) {
      open = opening.get();
      cursor = open;
    }
    while (open.advance()) {
      Item found = item.apply(open.current());
      if (found != null) {
        return found;
      }
    }
    close();
    return null;
  }

  /** First these, then those. */
  static Stage.Source joined(List<? extends Stage.Source> sources) {
    Iterator<? extends Stage.Source> rest = sources.iterator();
    return new Stage.Source() {
      private Stage.@Nullable Source present = rest.hasNext() ? rest.next() : null;

      @Override
      public @Nullable Item next() {
        while (present != null) {
          Item item = present.next();
          if (item != null) {
            return item;
          }
          present = rest.hasNext() ? rest.next() : null;
        }
        return null;
      }
    };
  }

  @Override
  public void close() {
    ended = true;
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
  }

  /** What an iterator gives. */
  private static final class Walk<T> implements Cursor<T> {
    private final Iterator<T> values;
    private @Nullable T current;

    Walk(Iterator<T> values) {
      this.values = values;
    }

    @Override
    public boolean advance() {
      current = values.hasNext() ? values.next() : null;
      return current != null;
    }

    @Override
    public T current() {
      T present = current;
      if (present == null) {
        throw new IllegalStateException("not on a value");
      }
      return present;
    }

    @Override
    public void close() {
      current = null;
    }
  }
}
