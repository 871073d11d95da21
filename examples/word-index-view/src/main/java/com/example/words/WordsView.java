package com.example.words;

import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewInput;
import io.millrace.api.view.ViewMethod;
import io.millrace.api.view.ViewStatistics;
import io.millrace.spi.Meters;
import io.millrace.view.index.DocumentRows;
import io.millrace.view.index.IndexRow;
import io.millrace.view.index.RowIndex;
import io.millrace.view.index.RowQuery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One index: a row for each word of each document, the word being its key. */
final class WordsView implements View {
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.UTF_8);

  private final WordsDefinition definition;
  private final RowIndex index;
  private final int mostSearchWords;
  private final Meters.Counter indexed;
  private final Map<String, ViewMethod> methods;

  WordsView(
      WordsDefinition definition, RowIndex index, int mostSearchWords, Meters.Counter indexed) {
    this.definition = definition;
    this.index = index;
    this.mostSearchWords = mostSearchWords;
    this.indexed = indexed;
    this.methods =
        Map.of(
            "rows",
            index.source(),
            "count",
            new ViewMethod.Async(
                RowQuery.RANGE_PARAMETERS,
                (arguments, reader) ->
                    LongNode.valueOf(index.count(RowQuery.parse(arguments), reader))),
            "search",
            new ViewMethod.Source(Set.of("words"), this::search));
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
    index.apply(documents, changes.fresh(), batch);
  }

  private DocumentRows rowsOf(Change change) {
    Body body = change.body();
    if (change.deleted() || body == null) {
      return DocumentRows.none(change.id());
    }
    try {
      List<IndexRow> rows = new ArrayList<>();
      for (String word : definition.wordsOf(body.tree())) {
        rows.add(IndexRow.keyed(json(word), TRUE));
      }
      indexed.add(rows.size());
      return DocumentRows.of(change.id(), rows);
    } catch (MillraceException e) {
      return DocumentRows.failed(change.id(), e.getMessage());
    }
  }

  private static byte[] json(String word) {
    return TextNode.valueOf(word).toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The documents that have all words of the parameter {@code words}, by the first of them. */
  private Cursor<Row> search(ViewArguments arguments, StoreReader reader) {
    String text = arguments.text("words");
    Collection<String> words = text == null ? Set.of() : WordsDefinition.split(text, 1);
    if (words.isEmpty() || words.size() > mostSearchWords) {
      throw new InvalidRequestException(
          "invalid-parameter",
          "parameter 'words' must have 1 to "
              + mostSearchWords
              + " words, and has "
              + words.size());
    }
    List<Cursor<Row>> rows = new ArrayList<>(words.size());
    for (String word : words) {
      ViewArguments term = ViewArguments.ofValues(Map.of("term", TextNode.valueOf(word)));
      rows.add(index.read(RowQuery.parse(term), reader));
    }
    return new CommonRows(rows);
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

  @Override
  public void close() {
    // Everything lies in the store.
  }
}
