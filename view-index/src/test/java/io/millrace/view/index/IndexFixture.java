package io.millrace.view.index;

import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewMethod;
import io.millrace.backend.memory.MemoryStoreProvider;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.spi.ViewContext;
import io.millrace.tck.view.BucketDocuments;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** An index in a memory store. */
final class IndexFixture implements AutoCloseable {
  final Store store;
  final Keyspace keyspace;
  final RowIndex index;

  IndexFixture() {
    MemoryStoreProvider provider = new MemoryStoreProvider();
    store =
        provider.open(
            Settings.defaults(provider.settings()),
            new ModuleContext(Path.of("nowhere"), Clock.systemUTC(), new Random(1), Meters.none()));
    keyspace = store.keyspace("view");
    index = new RowIndex(new ViewContext(store, keyspace, new BucketDocuments()));
  }

  void apply(boolean fresh, DocumentRows... documents) {
    apply(fresh, List.of(documents));
  }

  void apply(boolean fresh, List<DocumentRows> documents) {
    try (StoreBatch batch = store.batch()) {
      index.apply(documents, fresh, batch);
      store.write(batch);
    }
  }

  /** A document with rows, given as key, value, key, value and so on. */
  static DocumentRows keyed(String id, String... keysAndValues) {
    List<IndexRow> rows = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      rows.add(
          IndexRow.keyed(JsonModel.utf8(keysAndValues[i]), JsonModel.utf8(keysAndValues[i + 1])));
    }
    return DocumentRows.of(id, rows);
  }

  static DocumentRows valued(String id, String value) {
    byte[] json = JsonModel.utf8(value);
    return DocumentRows.of(id, List.of(IndexRow.valued(json, 0, json.length)));
  }

  /** Rows as texts such as {@code id key=value}. */
  List<String> rows(Map<String, String> arguments) {
    List<String> texts = new ArrayList<>();
    try (Cursor<Row> rows = index.read(RowQuery.parse(ViewArguments.ofTexts(arguments)), store)) {
      while (rows.advance()) {
        texts.add(text(rows.current()));
      }
    }
    return texts;
  }

  /** The rows of some documents, as those are given that are followed. */
  List<String> rowsOf(List<String> documents, Map<String, String> arguments) {
    ViewMethod.ChangedRows changed = Objects.requireNonNull(index.source().changed());
    List<String> texts = new ArrayList<>();
    try (Cursor<Row> rows = changed.call(ViewArguments.ofTexts(arguments), documents, store)) {
      while (rows.advance()) {
        texts.add(text(rows.current()));
      }
    }
    return texts;
  }

  List<String> rows() {
    return rows(Map.of());
  }

  static String text(Row row) {
    String id = row.identified() ? row.documentId() + " " : "";
    return id + utf8(row.key()) + "=" + utf8(row.value());
  }

  static String after(Row row) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(row.position());
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  List<DocumentError> errors() {
    List<DocumentError> all = new ArrayList<>();
    try (Cursor<DocumentError> errors = index.errors(store)) {
      while (errors.advance()) {
        all.add(errors.current());
      }
    }
    return all;
  }

  /** Everything in the keyspace, as text. */
  List<String> everything() {
    List<String> all = new ArrayList<>();
    try (StoreCursor cursor = store.range(keyspace, KeyRange.all())) {
      while (cursor.advance()) {
        HexFormat hex = HexFormat.of();
        all.add(hex.formatHex(cursor.key()) + "=" + hex.formatHex(cursor.value()));
      }
    }
    return all;
  }

  @Override
  public void close() {
    store.close();
  }
}
