package io.millrace.view.reduce;

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
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewDefinition;
import io.millrace.api.view.ViewMethod;
import io.millrace.backend.memory.MemoryStoreProvider;
import io.millrace.spi.FoldProvider;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import io.millrace.tck.view.BucketDocuments;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Reduce views in a memory store. */
final class ReduceFixture implements AutoCloseable {
  final Store store;
  final ViewFactory factory;
  private int views;
  private long sequence;

  ReduceFixture() {
    this(Map.of());
  }

  ReduceFixture(Map<String, String> settings) {
    ModuleContext context =
        new ModuleContext(
            Path.of("nowhere"),
            Clock.systemUTC(),
            new Random(1),
            Meters.none(),
            Modules.of("store", List.of()),
            Modules.find("fold", FoldProvider.class, ReduceFixture.class.getClassLoader()));
    MemoryStoreProvider stores = new MemoryStoreProvider();
    store = stores.open(Settings.defaults(stores.settings()), context);
    ReduceViewProvider provider = new ReduceViewProvider();
    factory =
        provider.open(
            Settings.parse("millrace.view.reduce.", provider.settings(), settings), context);
  }

  static ViewDefinition definition(String members) {
    return new ViewDefinition("bucket", "query", "reduce", (ObjectNode) JsonTexts.read(members));
  }

  /** A new view, validated as the engine does. */
  Built view(String members) {
    factory.validate(definition(members));
    Keyspace keyspace = store.keyspace("view" + views++);
    return new Built(members, open(members, keyspace), keyspace);
  }

  private View open(String members, Keyspace keyspace) {
    return factory.open(
        definition(members), new ViewContext(store, keyspace, new BucketDocuments()));
  }

  /** The next change of the bucket. */
  Change put(String id, String body) {
    return change(id, false, Body.ofCheckedJson(body.getBytes(StandardCharsets.UTF_8)));
  }

  Change delete(String id) {
    return change(id, true, Body.EMPTY);
  }

  private Change change(String id, boolean deleted, Body body) {
    sequence++;
    Commit commit =
        new Commit(sequence, sequence, CommitKind.WRITE, Instant.EPOCH, new Attribution("", ""), 1);
    Revision revision = new Revision(1, 2, 3);
    return new Change(sequence, "bucket", id, revision, null, deleted, commit, body);
  }

  @Override
  public void close() {
    factory.close();
    store.close();
  }

  /** One view. */
  final class Built {
    private final String members;
    private final Keyspace keyspace;
    View view;

    Built(String members, View view, Keyspace keyspace) {
      this.members = members;
      this.view = view;
      this.keyspace = keyspace;
    }

    /** Forgets what the view remembers beside its keyspace. */
    void reopen() {
      view.close();
      view = open(members, keyspace);
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

    /** Rows such as {@code key=value}. */
    List<String> rows(Map<String, String> arguments) {
      return texts(source("rows").rows().call(ViewArguments.ofTexts(arguments), store));
    }

    List<String> rows() {
      return rows(Map.of());
    }

    ViewMethod.Source source(String method) {
      return (ViewMethod.Source) view.methods().get(method);
    }

    JsonNode ask(String method, Map<String, String> arguments) {
      ViewMethod.Async async = (ViewMethod.Async) view.methods().get(method);
      return async.answer().call(ViewArguments.ofTexts(arguments), store);
    }

    String ask(String method) {
      return ask(method, Map.of()).toString();
    }

    /** The state as it is told behind changes of these documents. */
    List<String> followed(Collection<String> documents) {
      ViewMethod.ChangedRows changed = source("stream").changed();
      assert changed != null;
      return texts(changed.call(ViewArguments.none(), documents, store));
    }

    private List<String> texts(Cursor<Row> rows) {
      List<String> texts = new ArrayList<>();
      try (rows) {
        while (rows.advance()) {
          Row row = rows.current();
          String id = row.documentId().isEmpty() ? "" : row.documentId() + " ";
          texts.add(id + utf8(row.key()) + "=" + utf8(row.value()));
        }
      }
      return texts;
    }

    /** Errors such as {@code id: message}. */
    List<String> errors() {
      List<String> all = new ArrayList<>();
      try (Cursor<DocumentError> errors = view.errors(store)) {
        while (errors.advance()) {
          all.add(errors.current().id() + ": " + errors.current().message());
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
