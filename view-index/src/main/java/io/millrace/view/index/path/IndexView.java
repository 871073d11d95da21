package io.millrace.view.index.path;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.LongNode;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewInput;
import io.millrace.api.view.ViewMethod;
import io.millrace.api.view.ViewStatistics;
import io.millrace.spi.ViewContext;
import io.millrace.view.index.DocumentRows;
import io.millrace.view.index.PathRows;
import io.millrace.view.index.RowIndex;
import io.millrace.view.index.RowQuery;
import io.millrace.view.index.filter.Filter;
import io.millrace.view.index.reduce.ReducedRows;
import io.millrace.view.index.reduce.Reducer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of one index, and what can be asked of them. */
final class IndexView implements View {
  /** Keeps numbers as they were written. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final @Nullable Filter where;
  private final RowIndex index;
  private final Map<String, ViewMethod> methods;
  private final List<PathIndex> indexes;

  /** The rows with their reductions; null when they are not reduced. */
  private final @Nullable ReducedRows reduced;

  /** Of the applying thread. */
  private final PathRows paths;

  IndexView(IndexDefinition definition, ViewContext context) {
    this.where = definition.where();
    this.index = new RowIndex(context);
    Reducer reducer = definition.reducer();
    this.reduced = reducer == null ? null : new ReducedRows(context, index, reducer);
    this.paths = new PathRows(definition.shape());
    this.indexes =
        definition.findsDocuments()
            ? List.of(index.pathIndex("", definition.shape().key(), definition.shape().compound()))
            : List.of();
    this.methods =
        Map.of(
            "rows",
            reduced == null ? index.source() : reduced.source(),
            "count",
            new ViewMethod.Async(
                RowQuery.RANGE_PARAMETERS,
                (arguments, reader) ->
                    LongNode.valueOf(index.count(RowQuery.parse(arguments), reader))),
            "get",
            new ViewMethod.Async(Set.of("key"), this::get));
  }

  @Override
  public ViewInput input() {
    return ViewInput.DOCUMENTS;
  }

  @Override
  public void apply(ViewBatch changes, StoreBatch batch) throws InterruptedException {
    List<DocumentRows> documents = new ArrayList<>(changes.changes().size());
    for (Change change : changes.changes()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      documents.add(rowsOf(change));
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

  private DocumentRows rowsOf(Change change) {
    String id = change.id();
    if (change.deleted()) {
      return DocumentRows.none(id);
    }
    Body body = change.body();
    if (body == null) {
      throw new IllegalArgumentException("a change without its body was given to a view");
    }
    try {
      if (where != null && !where.matches(id, change.revision(), body.tree())) {
        return DocumentRows.none(id);
      }
    } catch (InvalidRequestException | InternalException e) {
      // The latter for rows of another query, which a function made: half a surrogate is no JSON.
      return DocumentRows.failed(id, e.getMessage());
    }
    return paths.of(id, change.revision(), body);
  }

  /** The value of the first row with a key. */
  private JsonNode get(ViewArguments arguments, StoreReader reader) {
    JsonNode key = arguments.json("key");
    if (key == null) {
      throw new InvalidRequestException(
          "invalid-parameter", "parameter 'key' is needed: the key of the row, as JSON");
    }
    try (Cursor<Row> rows = index.read(RowQuery.ofKey("key", key), reader)) {
      if (!rows.advance()) {
        throw new NotFoundException("row-not-found", "there is no row with this key");
      }
      return tree(rows.current().value());
    }
  }

  private static JsonNode tree(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new InternalException("unreadable-row", "the value of a row is not JSON", e);
    }
  }

  @Override
  public Map<String, ViewMethod> methods() {
    return methods;
  }

  @Override
  public List<PathIndex> indexes() {
    return indexes;
  }

  @Override
  public ViewStatistics statistics(StoreReader reader) {
    return index.statistics(reader);
  }

  @Override
  public Cursor<DocumentError> errors(StoreReader reader) {
    return index.errors(reader);
  }

  @Override
  public void close() {
    // Everything lies in the store.
  }
}
