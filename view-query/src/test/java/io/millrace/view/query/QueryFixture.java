package io.millrace.view.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.Commit;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.Revision;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewDefinition;
import io.millrace.api.view.ViewMethod;
import io.millrace.backend.memory.MemoryStoreProvider;
import io.millrace.spi.Finder;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import io.millrace.tck.view.BucketDocuments;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** A view of type {@code query} in a memory store, with the bucket that it belongs to. */
final class QueryFixture implements AutoCloseable {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  final Store store;
  final BucketDocuments documents = new BucketDocuments();
  final ViewFactory factory;
  final Keyspace keyspace;
  private final ViewDefinition definition;
  View view;

  QueryFixture(String members) {
    this(members, Map.of());
  }

  QueryFixture(String members, Map<String, String> settings) {
    ModuleContext context =
        new ModuleContext(Path.of("nowhere"), Clock.systemUTC(), new Random(1), Meters.none());
    MemoryStoreProvider stores = new MemoryStoreProvider();
    store = stores.open(Settings.defaults(stores.settings()), context);
    keyspace = store.keyspace("view");
    QueryViewProvider provider = new QueryViewProvider();
    factory = provider.open(Settings.parse("", provider.settings(), settings), context);
    definition = definition(members);
    factory.validate(definition);
    view = open();
  }

  /** Indexes over one path each, called as their path is. */
  static String indexes(String... paths) {
    StringBuilder indexes = new StringBuilder();
    for (String path : paths) {
      indexes.append(indexes.isEmpty() ? "" : ",");
      indexes.append("{\"name\":\"").append(path).append("\",\"key\":[\"");
      indexes.append(path.replace(",", "\",\"")).append("\"]}");
    }
    return "{\"indexes\":[" + indexes + "]}";
  }

  static ViewDefinition definition(String members) {
    return new ViewDefinition("bucket", "query", "query", (ObjectNode) json(members));
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private View open() {
    return factory.open(definition, new ViewContext(store, keyspace, documents));
  }

  /** Closes the view and opens it again on the same rows. */
  void reopen() {
    view.close();
    view = open();
  }

  static Change put(String id, String body) {
    return change(id, false, Body.ofCheckedJson(body.getBytes(StandardCharsets.UTF_8)));
  }

  static Change delete(String id) {
    return change(id, true, Body.EMPTY);
  }

  private static Change change(String id, boolean deleted, Body body) {
    Commit commit = new Commit(1, 1, CommitKind.WRITE, Instant.EPOCH, Attribution.none(), 1);
    return new Change(1, "bucket", id, new Revision(1, 2, 3), null, deleted, commit, body);
  }

  void apply(Change... changes) {
    apply(List.of(changes));
  }

  void apply(List<Change> changes) {
    try (StoreBatch batch = store.batch()) {
      changes.forEach(documents::apply);
      view.apply(new ViewBatch(changes, false), batch);
      store.write(batch);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Documents called 1, 2 and so on. */
  void fill(String... bodies) {
    for (int i = 0; i < bodies.length; i++) {
      apply(put(Integer.toString(i + 1), bodies[i]));
    }
  }

  static ViewArguments arguments(Map<String, String> texts) {
    return ViewArguments.ofTexts(texts);
  }

  private ViewMethod.Source read() {
    return (ViewMethod.Source) Objects.requireNonNull(view.methods().get("read"));
  }

  List<Row> rows(Map<String, String> arguments) {
    return rows(read().rows().call(arguments(arguments), store));
  }

  static List<Row> rows(Cursor<Row> cursor) {
    List<Row> rows = new ArrayList<>();
    try (cursor) {
      while (cursor.advance()) {
        rows.add(cursor.current());
      }
      if (cursor.advance()) {
        throw new AssertionError("a cursor went on behind its end");
      }
    }
    return rows;
  }

  /** The values of the results. */
  List<String> values(Map<String, String> arguments) {
    return rows(arguments).stream().map(row -> utf8(row.value())).toList();
  }

  List<String> values(String query) {
    return values(Map.of("query", query));
  }

  /** The ids of the documents of the results. */
  List<String> ids(String query) {
    return ids(Map.of("query", query));
  }

  List<String> ids(Map<String, String> arguments) {
    return rows(arguments).stream().map(Row::documentId).toList();
  }

  /** The results of some documents, as those are given that are followed. */
  List<String> changed(Collection<String> ids, Map<String, String> arguments) {
    ViewMethod.ChangedRows changed = Objects.requireNonNull(read().changed());
    return rows(changed.call(arguments(arguments), ids, store)).stream()
        .map(row -> row.documentId() + " " + utf8(row.value()))
        .toList();
  }

  JsonNode explain(Map<String, String> arguments) {
    ViewMethod.Sync explain =
        (ViewMethod.Sync) Objects.requireNonNull(view.methods().get("explain"));
    return explain.answer().call(arguments(arguments), store);
  }

  JsonNode explain(String query) {
    return explain(Map.of("query", query));
  }

  List<Finder.Candidate> candidates() {
    return view.indexes().stream().map(index -> new Finder.Candidate("films", index)).toList();
  }

  static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The parameter that a client would be told to go on with. */
  static String after(Row row) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(row.position());
  }

  /** Everything in the keyspace, as text. */
  List<String> everything() {
    List<String> all = new ArrayList<>();
    HexFormat hex = HexFormat.of();
    try (StoreCursor cursor = store.range(keyspace, KeyRange.all())) {
      while (cursor.advance()) {
        all.add(hex.formatHex(cursor.key()) + "=" + hex.formatHex(cursor.value()));
      }
    }
    return all;
  }

  @Override
  public void close() {
    view.close();
    factory.close();
    store.close();
  }
}
