package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.Document;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.Documents;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewDefinition;
import io.millrace.api.view.ViewInput;
import io.millrace.api.view.ViewMethod;
import io.millrace.api.view.ViewStatistics;
import io.millrace.spi.Finder;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import io.millrace.spi.ViewProvider;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Views with one row for each document, whose value is the member that the definition calls {@code
 * field}; or, with {@code "input":"changes"}, one for each change. The member {@code probe} names
 * what the test watches and commands them by. With {@code "indexed":true} the rows can be used to
 * find documents; questions are answered by the rows of the first such view, or by all documents.
 */
public final class ProbeViewProvider implements ViewProvider {
  private static final Map<String, Probe> PROBES = new ConcurrentHashMap<>();

  /** For {@link java.util.ServiceLoader}. */
  public ProbeViewProvider() {}

  /** What a view was given, and how it is to behave. */
  static final class Probe {
    final List<Given> given = new CopyOnWriteArrayList<>();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger waiting = new AtomicInteger();

    /** How often the view still says that there is more to settle. */
    final AtomicInteger unsettled = new AtomicInteger();

    final AtomicInteger settled = new AtomicInteger();

    /** One permit for each call that may go on; null for all. */
    volatile @Nullable Semaphore gate;

    volatile @Nullable Throwable failure;
    volatile @Nullable RuntimeException openFailure;
    volatile @Nullable RuntimeException validateFailure;
  }

  /** A change that a view was given. */
  record Given(long sequence, String id, boolean fresh) {}

  static Probe probe(String name) {
    return PROBES.computeIfAbsent(name, key -> new Probe());
  }

  @Override
  public String name() {
    return "probe";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public int formatVersion() {
    return 1;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of();
  }

  @Override
  public ViewFactory open(Settings settings, ModuleContext context) {
    return new ProbeFactory();
  }

  private static final class ProbeFactory implements ViewFactory {
    @Override
    public void validate(ViewDefinition definition) {
      if (!definition.members().path("field").isTextual()) {
        throw new InvalidDefinitionException("the member field must be a string");
      }
      RuntimeException failure = probe(definition.members().path("probe").asText()).validateFailure;
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public View open(ViewDefinition definition, ViewContext context) {
      Probe probe = probe(definition.members().path("probe").asText());
      RuntimeException failure = probe.openFailure;
      if (failure != null) {
        throw failure;
      }
      probe.opened.incrementAndGet();
      return new ProbeView(definition, context.keyspace(), probe);
    }

    @Override
    public Finder finder() {
      return new ProbeFinder();
    }

    @Override
    public void close() {}
  }

  /** Gives all rows of the first candidate, or all documents. */
  private static final class ProbeFinder implements Finder {
    private static final PathIndex.Range ALL = new PathIndex.Range(List.of(), null, null);

    @Override
    public Set<String> parameters() {
      return Set.of("query");
    }

    @Override
    public Cursor<Row> find(
        ViewArguments question,
        List<Candidate> candidates,
        Documents documents,
        StoreReader reader) {
      if (question.has("query") && !question.json("query").isArray()) {
        throw new InvalidRequestException(
            "invalid-parameter", "parameter 'query' must be an array");
      }
      return candidates.isEmpty()
          ? new DocumentRows(documents.all(reader))
          : candidates.get(0).index().read(ALL, false, reader);
    }

    @Override
    public JsonNode explain(
        ViewArguments question, List<Candidate> candidates, StoreReader reader) {
      return JsonNodeFactory.instance.textNode(
          candidates.stream().map(Candidate::query).sorted().toList().toString());
    }
  }

  private record DocumentRows(Cursor<Document> documents) implements Cursor<Row> {
    @Override
    public boolean advance() {
      return documents.advance();
    }

    @Override
    public Row current() {
      Document document = documents.current();
      byte[] key = ('"' + document.id() + '"').getBytes(StandardCharsets.UTF_8);
      return new Row(document.id(), false, key, document.body().json(), key);
    }

    @Override
    public void close() {
      documents.close();
    }
  }

  private static final class ProbeView implements View, PathIndex {
    private static final byte ROW = 1;
    private static final byte ERROR = 2;
    private static final byte SETTLED = 3;

    private final ViewDefinition definition;
    private final Keyspace keyspace;
    private final Probe probe;

    ProbeView(ViewDefinition definition, Keyspace keyspace, Probe probe) {
      this.definition = definition;
      this.keyspace = keyspace;
      this.probe = probe;
    }

    @Override
    public ViewInput input() {
      return definition.members().path("input").asText().equals("changes")
          ? ViewInput.CHANGES
          : ViewInput.DOCUMENTS;
    }

    @Override
    public void apply(ViewBatch changes, StoreBatch batch) throws InterruptedException {
      Semaphore gate = probe.gate;
      if (gate != null) {
        probe.waiting.incrementAndGet();
        gate.acquire();
        probe.waiting.decrementAndGet();
      }
      Throwable failure = probe.failure;
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
      for (Change change : changes.changes()) {
        probe.given.add(new Given(change.sequence(), change.id(), changes.fresh()));
        add(change, batch);
      }
    }

    @Override
    public boolean settle(StoreBatch batch) {
      int settled = probe.settled.incrementAndGet();
      batch.put(keyspace, key(SETTLED, "times"), utf8(String.valueOf(settled)));
      return probe.unsettled.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    @Override
    public List<PathIndex> indexes() {
      return definition.members().path("indexed").asBoolean() ? List.of(this) : List.of();
    }

    @Override
    public List<JsonNode> paths() {
      return List.of(definition.members().get("field"));
    }

    @Override
    public String name() {
      return "";
    }

    @Override
    public Cursor<Row> read(PathIndex.Range range, boolean reverse, StoreReader reader) {
      return rows(ViewArguments.none(), reader);
    }

    @Override
    public long count(PathIndex.Range range, long atMost, StoreReader reader) {
      return count(reader, ROW);
    }

    private void add(Change change, StoreBatch batch) {
      Body body = change.body();
      JsonNode value =
          body == null || change.deleted()
              ? null
              : body.tree().get(definition.members().path("field").asText());
      byte[] key =
          input() == ViewInput.CHANGES
              ? key(ROW, String.format("%08d", change.sequence()))
              : key(ROW, change.id());
      byte[] error = key(ERROR, change.id());
      batch.delete(keyspace, key);
      batch.delete(keyspace, error);
      if (value != null && value.asText().equals("bad")) {
        batch.put(keyspace, error, utf8("a bad value"));
      } else if (value != null || input() == ViewInput.CHANGES) {
        batch.put(keyspace, key, utf8(String.valueOf(value)));
      }
    }

    @Override
    public Map<String, ViewMethod> methods() {
      return Map.of(
          "rows",
          input() == ViewInput.CHANGES
              ? new ViewMethod.Source(Set.of("from"), this::rows)
              : new ViewMethod.Source(Set.of("from"), this::rows, this::changed),
          "count",
          new ViewMethod.Async(Set.of(), this::count),
          "peek",
          new ViewMethod.Sync(Set.of(), this::count),
          "boom",
          new ViewMethod.Async(
              Set.of(),
              (arguments, reader) -> {
                throw new IllegalStateException("boom");
              }));
    }

    private JsonNode count(ViewArguments arguments, StoreReader reader) {
      return LongNode.valueOf(statistics(reader).rows());
    }

    private Cursor<Row> rows(ViewArguments arguments, StoreReader reader) {
      String from = arguments.text("from");
      KeyRange all = KeyRange.prefix(new byte[] {ROW});
      StoreCursor cursor =
          reader.range(keyspace, from == null ? all : KeyRange.between(key(ROW, from), all.to()));
      return new Cursor<>() {
        @Override
        public boolean advance() {
          return cursor.advance();
        }

        @Override
        public Row current() {
          String id = text(cursor.key());
          return new Row(id, false, utf8('"' + id + '"'), cursor.value(), cursor.key());
        }

        @Override
        public void close() {
          cursor.close();
        }
      };
    }

    private Cursor<Row> changed(
        ViewArguments arguments, Collection<String> documents, StoreReader reader) {
      String from = arguments.text("from");
      Iterator<String> ids = documents.iterator();
      return new Cursor<>() {
        private @Nullable Row row;

        @Override
        public boolean advance() {
          row = null;
          while (row == null && ids.hasNext()) {
            String id = ids.next();
            byte[] value = reader.get(keyspace, key(ROW, id));
            if (value != null && (from == null || id.compareTo(from) >= 0)) {
              row = new Row(id, false, utf8('"' + id + '"'), value, key(ROW, id));
            }
          }
          return row != null;
        }

        @Override
        public Row current() {
          return Objects.requireNonNull(row);
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public ViewStatistics statistics(StoreReader reader) {
      return new ViewStatistics(count(reader, ROW), 0, count(reader, ERROR));
    }

    private long count(StoreReader reader, byte kind) {
      long count = 0;
      try (StoreCursor cursor = reader.range(keyspace, KeyRange.prefix(new byte[] {kind}))) {
        while (cursor.advance()) {
          count++;
        }
      }
      return count;
    }

    @Override
    public Cursor<DocumentError> errors(StoreReader reader) {
      StoreCursor cursor = reader.range(keyspace, KeyRange.prefix(new byte[] {ERROR}));
      return new Cursor<>() {
        @Override
        public boolean advance() {
          return cursor.advance();
        }

        @Override
        public DocumentError current() {
          return new DocumentError(
              text(cursor.key()), new String(cursor.value(), StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
          cursor.close();
        }
      };
    }

    @Override
    public void close() {
      probe.closed.incrementAndGet();
    }

    private static byte[] key(byte kind, String id) {
      byte[] utf8 = utf8(id);
      return ByteBuffer.allocate(1 + utf8.length).put(kind).put(utf8).array();
    }

    private static String text(byte[] key) {
      return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
