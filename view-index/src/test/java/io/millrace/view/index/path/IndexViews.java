package io.millrace.view.index.path;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.millrace.api.view.PathIndex;
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
import io.millrace.view.index.JsonModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Views of type {@code index} in a memory store. */
final class IndexViews implements AutoCloseable {
  final Store store;
  private final ViewFactory factory;
  private int views;

  IndexViews() {
    ModuleContext context =
        new ModuleContext(Path.of("nowhere"), Clock.systemUTC(), new Random(1), Meters.none());
    MemoryStoreProvider stores = new MemoryStoreProvider();
    store = stores.open(Settings.defaults(stores.settings()), context);
    IndexViewProvider provider = new IndexViewProvider();
    factory = provider.open(Settings.defaults(provider.settings()), context);
  }

  static ViewDefinition definition(String members) {
    return new ViewDefinition("bucket", "query", "index", (ObjectNode) JsonModel.read(members));
  }

  void validate(String members) {
    factory.validate(definition(members));
  }

  /** A new view, validated as the engine does. */
  Built view(String members) {
    validate(members);
    return new Built(definition(members), store.keyspace("view" + views++));
  }

  static Change put(String id, String body) {
    return change(id, false, Body.ofCheckedJson(JsonModel.utf8(body)));
  }

  static Change delete(String id) {
    return change(id, true, Body.EMPTY);
  }

  private static Change change(String id, boolean deleted, Body body) {
    Commit commit = new Commit(1, 1, CommitKind.WRITE, Instant.EPOCH, Attribution.none(), 1);
    return new Change(1, "bucket", id, new Revision(1, 2, 3), null, deleted, commit, body);
  }

  @Override
  public void close() {
    factory.close();
    store.close();
  }

  /** One view. */
  final class Built {
    private final ViewDefinition definition;
    private final Keyspace keyspace;
    private View view;

    Built(ViewDefinition definition, Keyspace keyspace) {
      this.definition = definition;
      this.keyspace = keyspace;
      this.view = open();
    }

    private View open() {
      return factory.open(definition, new ViewContext(store, keyspace, new BucketDocuments()));
    }

    /** Closes the view and opens it again on the same rows. */
    void reopen() {
      view.close();
      view = open();
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

    /** Settles until there is nothing left to do. */
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

    /** Reduced rows such as {@code key=value}. */
    List<String> reduced(Map<String, String> arguments) {
      return rows(arguments).stream().map(row -> row.substring(row.indexOf(' ') + 1)).toList();
    }

    /** Rows such as {@code id key=value}. */
    List<String> rows(Map<String, String> arguments) {
      ViewMethod.Source rows = (ViewMethod.Source) view.methods().get("rows");
      return texts(rows.rows().call(ViewArguments.ofTexts(arguments), store));
    }

    List<String> rows() {
      return rows(Map.of());
    }

    JsonNode call(String method, Map<String, String> arguments) {
      ViewMethod.Async async = (ViewMethod.Async) view.methods().get(method);
      return async.answer().call(ViewArguments.ofTexts(arguments), store);
    }

    List<PathIndex> indexes() {
      return view.indexes();
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
  }

  static List<String> texts(Cursor<Row> rows) {
    List<String> texts = new ArrayList<>();
    try (rows) {
      while (rows.advance()) {
        Row row = rows.current();
        texts.add(row.documentId() + " " + utf8(row.key()) + "=" + utf8(row.value()));
      }
    }
    return texts;
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
