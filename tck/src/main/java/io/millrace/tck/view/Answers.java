package io.millrace.tck.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewMethod;
import io.millrace.tck.view.ViewExample.Question;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks views, and makes what they answer comparable. */
final class Answers {
  private static final String ROWS = "rows";
  private static final PathIndex.Range EVERYTHING = new PathIndex.Range(List.of(), null, null);

  private Answers() {}

  /** What the example asks, and what is asked of every view. */
  static List<Question> questions(View view, ViewExample example) {
    List<Question> questions = new ArrayList<>();
    if (view.methods().containsKey(ROWS)) {
      questions.add(new Question(ROWS, Map.of()));
    }
    questions.addAll(example.questions());
    return questions;
  }

  /** All questions with their answers, the statistics, the errors and the rows of the indexes. */
  static List<String> all(View view, ViewExample example, StoreReader reader) {
    List<String> all = new ArrayList<>();
    for (Question question : questions(view, example)) {
      all.add(question.toString());
      all.addAll(answer(view, question, reader));
    }
    all.add(view.statistics(reader).toString());
    errors(view, reader).forEach(error -> all.add(error.toString()));
    for (PathIndex index : view.indexes()) {
      all.add("index " + index.name());
      all.addAll(texts(gather(index.read(EVERYTHING, false, reader))));
    }
    return all;
  }

  static List<String> answer(View view, Question question, StoreReader reader) {
    return answer(view, question, ViewArguments.ofTexts(question.arguments()), reader);
  }

  /** The rows, or the one value; that there is nothing to find is an answer too. */
  static List<String> answer(
      View view, Question question, ViewArguments arguments, StoreReader reader) {
    ViewMethod method = method(view, question);
    try {
      if (method instanceof ViewMethod.Source source) {
        return texts(gather(source.rows().call(arguments, reader)));
      }
      return List.of(answerOf(method).call(arguments, reader).toString());
    } catch (NotFoundException e) {
      return List.of("not found: " + e.code());
    }
  }

  private static ViewMethod.Answer answerOf(ViewMethod method) {
    return method instanceof ViewMethod.Sync sync
        ? sync.answer()
        : ((ViewMethod.Async) method).answer();
  }

  private static ViewMethod method(View view, Question question) {
    ViewMethod method = view.methods().get(question.method());
    if (method == null) {
      throw new AssertionError("the example asks for " + question + ", which the view has not");
    }
    Set<String> known = method.parameters();
    if (!known.containsAll(question.arguments().keySet())) {
      throw new AssertionError("of the parameters of " + question + " the view has only " + known);
    }
    return method;
  }

  /** The rows that answer {@code question}, whose method is a source. */
  static List<Row> rows(View view, Question question, StoreReader reader) {
    ViewArguments arguments = ViewArguments.ofTexts(question.arguments());
    return gather(((ViewMethod.Source) method(view, question)).rows().call(arguments, reader));
  }

  /** All documents that could not be computed. */
  static List<DocumentError> errors(View view, StoreReader reader) {
    return gather(view.errors(reader));
  }

  static <T> List<T> gather(Cursor<T> cursor) {
    List<T> all = new ArrayList<>();
    try (cursor) {
      while (cursor.advance()) {
        all.add(cursor.current());
      }
    }
    return all;
  }

  static List<String> texts(List<Row> rows) {
    return rows.stream().map(Answers::text).toList();
  }

  /** All of a row. */
  static String text(Row row) {
    return withoutPosition(row) + " @" + HexFormat.of().formatHex(row.position());
  }

  /** A row but for its place among the others. */
  static String withoutPosition(Row row) {
    return (row.identified() ? "id " : "") + row.documentId() + " " + keyAndValue(row);
  }

  static String keyAndValue(Row row) {
    return utf8(row.key()) + "=" + utf8(row.value());
  }

  /** The value that rows are ordered by: the key, or the value where the key is the id. */
  static JsonNode orderedBy(Row row) {
    JsonNode key = JsonOrder.read(utf8(row.key()));
    boolean keyIsId =
        !row.documentId().isEmpty()
            && !row.identified()
            && key.isTextual()
            && key.textValue().equals(row.documentId());
    return keyIsId ? JsonOrder.read(utf8(row.value())) : key;
  }

  static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
