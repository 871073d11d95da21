package io.millrace.view.index.reduce;

import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import io.millrace.backend.memory.MemoryStoreProvider;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.spi.ViewContext;
import io.millrace.tck.view.BucketDocuments;
import io.millrace.view.index.DocumentRows;
import io.millrace.view.index.IndexRow;
import io.millrace.view.index.RowIndex;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Reduced rows in a memory store. */
final class ReduceFixture implements AutoCloseable {
  final Store store;
  final Keyspace keyspace;
  final Reducer reducer;
  RowIndex index;
  ReducedRows rows;

  ReduceFixture(Reducer reducer) {
    MemoryStoreProvider provider = new MemoryStoreProvider();
    this.store =
        provider.open(
            Settings.defaults(provider.settings()),
            new ModuleContext(Path.of("nowhere"), Clock.systemUTC(), new Random(1), Meters.none()));
    this.keyspace = store.keyspace("view");
    this.reducer = reducer;
    ViewContext context = context();
    this.index = new RowIndex(context);
    this.rows = new ReducedRows(context, index, reducer);
  }

  private ViewContext context() {
    return new ViewContext(store, keyspace, new BucketDocuments());
  }

  /** Forgets everything but the keyspace. */
  void reopen() {
    ViewContext context = context();
    index = new RowIndex(context);
    rows = new ReducedRows(context, index, reducer);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** A document with rows, given as key, value, key, value and so on. */
  static DocumentRows keyed(String id, String... keysAndValues) {
    List<IndexRow> rows = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      rows.add(IndexRow.keyed(utf8(keysAndValues[i]), utf8(keysAndValues[i + 1])));
    }
    return DocumentRows.of(id, rows);
  }

  void apply(boolean fresh, DocumentRows... documents) {
    apply(fresh, Arrays.asList(documents));
  }

  void apply(boolean fresh, List<DocumentRows> documents) {
    try (StoreBatch batch = store.batch()) {
      rows.apply(documents, fresh, batch);
      store.write(batch);
    }
  }

  /** Settles one portion; returns whether there may be more. */
  boolean settleOnce() {
    try (StoreBatch batch = store.batch()) {
      boolean more = rows.settle(batch);
      store.write(batch);
      return more;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Settles everything; returns how many portions it took. */
  int settle() {
    int portions = 1;
    while (settleOnce()) {
      portions++;
    }
    return portions;
  }

  /** Reduced rows as texts such as {@code key=value}. */
  List<String> read(Map<String, String> arguments) {
    return read(arguments, store);
  }

  List<String> read(Map<String, String> arguments, StoreReader reader) {
    List<String> texts = new ArrayList<>();
    try (Cursor<Row> cursor = cursor(arguments, reader)) {
      while (cursor.advance()) {
        Row row = cursor.current();
        texts.add(text(row.key()) + "=" + text(row.value()));
      }
    }
    return texts;
  }

  Cursor<Row> cursor(Map<String, String> arguments, StoreReader reader) {
    return rows.source().rows().call(ViewArguments.ofTexts(arguments), reader);
  }

  /** Everything in the keyspace, as text. */
  List<String> everything() {
    List<String> all = new ArrayList<>();
    try (StoreCursor cursor = store.range(keyspace, KeyRange.all())) {
      HexFormat hex = HexFormat.of();
      while (cursor.advance()) {
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
