package io.millrace.view.js;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewDefinition;
import io.millrace.api.view.ViewMethod;
import io.millrace.backend.memory.MemoryStoreProvider;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** JavaScript views in a memory store. */
final class JsFixture implements AutoCloseable {
  final Store store;
  final ViewFactory factory;
  private int views;

  JsFixture() {
    this(Map.of());
  }

  JsFixture(Map<String, String> settings) {
    ModuleContext context =
        new ModuleContext(Path.of("nowhere"), Clock.systemUTC(), new Random(1), Meters.none());
    MemoryStoreProvider stores = new MemoryStoreProvider();
    store = stores.open(Settings.defaults(stores.settings()), context);
    JsViewProvider provider = new JsViewProvider();
    factory =
        provider.open(Settings.parse("millrace.view.js.", provider.settings(), settings), context);
  }

  static ViewDefinition definition(String map) {
    ObjectNode members = JsonNodeFactory.instance.objectNode().put("map", map);
    return new ViewDefinition("bucket", "query", "js", members);
  }

  static ViewDefinition definition(String map, String reduce) {
    ObjectNode members = definition(map).members().deepCopy().put("reduce", reduce);
    return new ViewDefinition("bucket", "query", "js", members);
  }

  /** A new view, validated as the engine does. */
  Built view(String map) {
    return view(definition(map));
  }

  /** A new view whose rows are reduced. */
  Built view(String map, String reduce) {
    return view(definition(map, reduce));
  }

  private Built view(ViewDefinition definition) {
    factory.validate(definition);
    Keyspace keyspace = store.keyspace("view" + views++);
    return new Built(
        factory.open(definition, new ViewContext(store, keyspace, new BucketDocuments())),
        keyspace);
  }

  /** The rows that one document without members of its own gets. */
  List<String> rowsOf(String map) {
    return rowsOf(map, "{}");
  }

  List<String> rowsOf(String map, String body) {
    Built view = view(map);
    view.apply(put("d", body));
    return view.rows();
  }

  /** What one document's failure says. */
  String errorOf(String map) {
    Built view = view(map);
    view.apply(put("d", "{}"));
    return view.errors().isEmpty() ? "" : view.errors().get(0).message();
  }

  static Change put(String id, String body) {
    return change(id, false, Body.ofCheckedJson(body.getBytes(StandardCharsets.UTF_8)));
  }

  static Change delete(String id) {
    return change(id, true, Body.EMPTY);
  }

  private static Change change(String id, boolean deleted, Body body) {
    Commit commit = new Commit(1, 1, CommitKind.WRITE, Instant.EPOCH, new Attribution("", ""), 1);
    return new Change(1, "bucket", id, new Revision(1, 2, 3), null, deleted, commit, body);
  }

  @Override
  public void close() {
    factory.close();
    store.close();
  }

  /** One view. */
  final class Built {
    final View view;
    private final Keyspace keyspace;

    Built(View view, Keyspace keyspace) {
      this.view = view;
      this.keyspace = keyspace;
    }

    void apply(Change... changes) {
      apply(false, List.of(changes));
    }

    void apply(boolean fresh, List<Change> changes) {
      try (StoreBatch batch = store.batch()) {
        view.apply(new ViewBatch(changes, fresh), batch);
        store.write(batch);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** Settles everything. */
    void settle() {
      boolean more = true;
      while (more) {
        try (StoreBatch batch = store.batch()) {
          more = view.settle(batch);
          store.write(batch);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }

    /** Rows such as {@code key=value}, or {@code id key=value} of those that were emitted. */
    List<String> rows(Map<String, String> arguments) {
      ViewMethod.Source rows = (ViewMethod.Source) view.methods().get("rows");
      List<String> texts = new ArrayList<>();
      try (Cursor<Row> cursor = rows.rows().call(ViewArguments.ofTexts(arguments), store)) {
        while (cursor.advance()) {
          Row row = cursor.current();
          String id = row.identified() ? row.documentId() + " " : "";
          texts.add(id + utf8(row.key()) + "=" + utf8(row.value()));
        }
      }
      return texts;
    }

    List<String> rows() {
      return rows(Map.of());
    }

    long count(Map<String, String> arguments) {
      ViewMethod.Async count = (ViewMethod.Async) view.methods().get("count");
      return count.answer().call(ViewArguments.ofTexts(arguments), store).longValue();
    }

    List<DocumentError> errors() {
      List<DocumentError> all = new ArrayList<>();
      try (Cursor<DocumentError> errors = view.errors(store)) {
        while (errors.advance()) {
          all.add(errors.current());
        }
      }
      return all;
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

    private static String utf8(byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
