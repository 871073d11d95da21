package io.millrace.view.js;

import com.fasterxml.jackson.databind.node.LongNode;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewInput;
import io.millrace.api.view.ViewMethod;
import io.millrace.api.view.ViewStatistics;
import io.millrace.view.index.DocumentRows;
import io.millrace.view.index.RowIndex;
import io.millrace.view.index.RowQuery;
import io.millrace.view.index.reduce.ReducedRows;
import io.millrace.view.script.Outcome;
import io.millrace.view.script.Script;
import io.millrace.view.script.ScriptPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one map function computes, and their reductions, if the definition has any.
 *
 * <p>The documents of a batch are cut into chunks, which are mapped on all threads of the pool at
 * once and put together in their order. When a chunk exceeds a limit its documents are mapped again
 * one by one, so that only the one that is to blame fails. How the documents are cut does not show
 * in the rows.
 */
final class JsView implements View {
  private static final int MOST_CHUNK_BYTES = 256 << 10;
  private static final int MOST_CHUNK_DOCUMENTS = 512;
  private static final int FIRST_CHUNK_DOCUMENTS = 64;
  private static final long CHUNK_NANOS = 30_000_000;

  private final ScriptPool pool;
  private final Script map;
  private final RowIndex index;
  private final @Nullable ReducedRows reduced;
  private final Map<String, ViewMethod> methods;

  /** How many documents take about {@link #CHUNK_NANOS}; of the applying thread. */
  private int chunkDocuments = FIRST_CHUNK_DOCUMENTS;

  /**
   * A view.
   *
   * @param reduced the same rows as {@code index}, reduced; null when they are not
   */
  JsView(ScriptPool pool, Script map, RowIndex index, @Nullable ReducedRows reduced) {
    this.pool = pool;
    this.map = map;
    this.index = index;
    this.reduced = reduced;
    this.methods =
        Map.of(
            "rows",
            reduced == null ? index.source() : reduced.source(),
            "count",
            new ViewMethod.Async(
                RowQuery.RANGE_PARAMETERS,
                (arguments, reader) ->
                    LongNode.valueOf(index.count(RowQuery.parse(arguments), reader))));
  }

  @Override
  public ViewInput input() {
    return ViewInput.DOCUMENTS;
  }

  @Override
  public Map<String, ViewMethod> methods() {
    return methods;
  }

  @Override
  public ViewStatistics statistics(StoreReader reader) {
    return index.statistics(reader);
  }

  @Override
  public Cursor<DocumentError> errors(StoreReader reader) {
    return index.errors(reader);
  }

  /** Some documents, and their rows once they are mapped. */
  private record Part(List<Change> changes, CompletableFuture<Outcome<Mapped>> rows) {}

  /** The rows of a chunk; none when they were too long together. */
  private record Mapped(List<DocumentRows> rows, long nanos) {}

  @Override
  public void apply(ViewBatch changes, StoreBatch batch) throws InterruptedException {
    List<DocumentRows> documents = new ArrayList<>(changes.changes().size());
    List<Part> parts = new ArrayList<>();
    try {
      List<Change> gathered = new ArrayList<>();
      MapChunk chunk = new MapChunk();
      for (Change change : changes.changes()) {
        if (change.deleted()) {
          documents.add(DocumentRows.none(change.id()));
          continue;
        }
        chunk.add(change, body(change));
        gathered.add(change);
        if (chunk.size() >= chunkDocuments || chunk.length() >= MOST_CHUNK_BYTES) {
          parts.add(new Part(gathered, submit(chunk)));
          gathered = new ArrayList<>();
          chunk = new MapChunk();
        }
      }
      if (chunk.size() > 0) {
        parts.add(new Part(gathered, submit(chunk)));
      }
      for (Part part : parts) {
        collect(part, documents);
      }
    } finally {
      parts.forEach(part -> part.rows().cancel(false));
    }
    if (reduced == null) {
      index.apply(documents, changes.fresh(), batch);
    } else {
      reduced.apply(documents, changes.fresh(), batch);
    }
  }

  @Override
  public boolean settle(StoreBatch batch) throws InterruptedException {
    return reduced != null && reduced.settle(batch);
  }

  private static Body body(Change change) {
    Body body = change.body();
    if (body == null) {
      throw new IllegalArgumentException("a change without its body was given to a view");
    }
    return body;
  }

  private CompletableFuture<Outcome<Mapped>> submit(MapChunk chunk) {
    return pool.submit(
        sandbox -> {
          long start = System.nanoTime();
          String text = sandbox.run(map, chunk.text());
          List<DocumentRows> rows = text == null ? List.of() : MapOutput.read(text, chunk.ids());
          return new Mapped(rows, System.nanoTime() - start);
        });
  }

  private void collect(Part part, List<DocumentRows> documents) throws InterruptedException {
    Outcome<Mapped> outcome = await(part.rows());
    if (outcome instanceof Outcome.Done<Mapped> done
        && done.value().rows().size() == part.changes().size()) {
      documents.addAll(done.value().rows());
      adapt(part.changes().size(), done.value().nanos());
    } else if (part.changes().size() > 1) {
      collectOneByOne(part.changes(), documents);
    } else if (outcome instanceof Outcome.Exceeded<Mapped> exceeded) {
      documents.add(DocumentRows.failed(part.changes().get(0).id(), exceeded.reason()));
    } else {
      throw new InternalException("map-output", "a document was mapped without an outcome");
    }
  }

  private void collectOneByOne(List<Change> changes, List<DocumentRows> documents)
      throws InterruptedException {
    List<Part> singles = new ArrayList<>(changes.size());
    try {
      for (Change change : changes) {
        singles.add(new Part(List.of(change), submit(MapChunk.of(change, body(change)))));
      }
      for (Part single : singles) {
        collect(single, documents);
      }
    } finally {
      singles.forEach(single -> single.rows().cancel(false));
    }
  }

  /** Makes chunks of slow documents short, so that many of them do not exceed the time of one. */
  private void adapt(int mapped, long nanos) {
    long fitting = CHUNK_NANOS * mapped / Math.max(1, nanos);
    chunkDocuments = (int) Math.max(1, Math.min(MOST_CHUNK_DOCUMENTS, fitting));
  }

  private static Outcome<Mapped> await(CompletableFuture<Outcome<Mapped>> rows)
      throws InterruptedException {
    // A result that is there already would be returned in spite of the interruption.
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    try {
      return rows.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MillraceException ours) {
        throw ours;
      }
      throw new InternalException("map-failed", "documents could not be mapped", e.getCause());
    }
  }

  @Override
  public void close() {
    // Threads and sandboxes belong to the factory; a compiled function is dropped when unused.
  }
}
