package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.Document;
import io.millrace.api.document.Revision;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.Documents;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewInput;
import io.millrace.api.view.ViewMethod;
import io.millrace.api.view.ViewStatistics;
import io.millrace.view.index.DocumentRows;
import io.millrace.view.index.IndexRow;
import io.millrace.view.index.RowIndex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The indexes that one definition declares, and the questions that they answer.
 *
 * <p>A document that cannot be indexed, because a value is too long for example, is in no index;
 * reading looks at such documents apart, so that they are found nevertheless.
 */
final class QueryView implements View {
  private final RowIndex rows;
  private final List<StoredIndex> indexes;
  private final Documents documents;
  private final QueryLimits limits;
  private final Map<String, ViewMethod> methods;

  QueryView(QueryDefinition definition, RowIndex rows, Documents documents, QueryLimits limits) {
    this.rows = rows;
    this.documents = documents;
    this.limits = limits;
    List<StoredIndex> stored = new ArrayList<>();
    for (QueryDefinition.Index declared : definition.indexes()) {
      stored.add(new StoredIndex(stored.size(), declared, rows));
    }
    this.indexes = List.copyOf(stored);
    ViewMethod read = new ViewMethod.Source(Question.PARAMETERS, this::read, this::readChanged);
    this.methods =
        Map.of(
            "rows", read,
            "read", read,
            "explain", new ViewMethod.Sync(Question.EXPLAINED, this::explain));
  }

  @Override
  public ViewInput input() {
    return ViewInput.DOCUMENTS;
  }

  @Override
  public void apply(ViewBatch changes, StoreBatch batch) throws InterruptedException {
    List<DocumentRows> made = new ArrayList<>(changes.changes().size());
    for (Change change : changes.changes()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      made.add(rowsOf(change));
    }
    rows.apply(made, changes.fresh(), batch);
  }

  private DocumentRows rowsOf(Change change) {
    if (change.deleted()) {
      return DocumentRows.none(change.id());
    }
    Body body = change.body();
    if (body == null) {
      throw new IllegalArgumentException("a change without its body was given to a view");
    }
    return rowsOf(change.id(), change.revision(), body);
  }

  private DocumentRows rowsOf(String id, Revision revision, Body body) {
    try {
      ObjectNode tree = Item.tree(body);
      List<IndexRow> made = new ArrayList<>(indexes.size());
      for (StoredIndex index : indexes) {
        IndexRow row = index.row(id, revision, tree);
        if (row != null) {
          made.add(row);
        }
      }
      return DocumentRows.of(id, made);
    } catch (InvalidRequestException e) {
      return DocumentRows.failed(id, e.getMessage());
    }
  }

  private Cursor<Row> read(ViewArguments arguments, StoreReader reader) {
    Question question = Question.of(arguments);
    boolean complete = isComplete(reader);
    Plan plan = Plan.of(question, options(complete), reader);
    return new Reading(documents, reader, limits)
        .open(plan, complete ? null : () -> rows.errors(reader));
  }

  private Cursor<Row> readChanged(
      ViewArguments arguments, Collection<String> documentIds, StoreReader reader) {
    Question question = Question.followed(arguments);
    Assessment chosen = Plan.of(question, options(isComplete(reader)), reader).chosen();
    return new Reading(documents, reader, limits)
        .open(question, documentIds, document -> place(document, chosen));
  }

  /** Where {@link #read} finds a document. */
  private byte[] place(Document document, @Nullable Assessment chosen) {
    if (chosen == null || !(chosen.option().index() instanceof StoredIndex index)) {
      return Place.atDocument(document.id());
    }
    if (rowsOf(document.id(), document.revision(), document.body()).error() != null) {
      return Place.behindIndex(index.name(), document.id());
    }
    ObjectNode tree = Item.tree(document.body());
    byte[] key = index.key(document.id(), document.revision(), tree);
    return key == null
        ? Place.atDocument(document.id())
        : Place.inIndex(index.name(), key, document.id());
  }

  private JsonNode explain(ViewArguments arguments, StoreReader reader) {
    Question question = Question.of(arguments);
    return Plan.of(question, options(isComplete(reader)), reader)
        .explain(limits.countedRows(), reader);
  }

  /** Whether there is no document that could not be indexed. */
  private boolean isComplete(StoreReader reader) {
    return rows.statistics(reader).errors() == 0;
  }

  private List<IndexOption> options(boolean complete) {
    return indexes.stream()
        .map(index -> IndexOption.of(index.name(), index, index.where(), complete))
        .toList();
  }

  @Override
  public Map<String, ViewMethod> methods() {
    return methods;
  }

  /** Those that have every document with something at their paths. */
  @Override
  public List<PathIndex> indexes() {
    return indexes.stream()
        .filter(index -> index.where() == null)
        .<PathIndex>map(index -> index)
        .toList();
  }

  @Override
  public ViewStatistics statistics(StoreReader reader) {
    return rows.statistics(reader);
  }

  @Override
  public Cursor<DocumentError> errors(StoreReader reader) {
    return rows.errors(reader);
  }

  @Override
  public void close() {
    // Everything lies in the store.
  }
}
