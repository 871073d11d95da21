package com.example.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.range.Cursor;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import io.millrace.engine.Millrace;
import io.millrace.tck.NothingLeftBehind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The view in a database in memory. */
@ExtendWith(NothingLeftBehind.class)
final class WordsViewTest {
  @TempDir Path folder;
  private Database database;
  private Bucket films;

  @BeforeEach
  void open() {
    database = Millrace.in(folder).log("memory", Map.of()).store("memory", Map.of()).open();
    films = database.bucket("films");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void put(String id, String title) {
    ObjectNode film = JsonNodeFactory.instance.objectNode().put("title", title);
    films.put(id, Base.any(), Body.of(film), Attribution.none()).toCompletableFuture().join();
  }

  private void define(ObjectNode members) {
    films.queries().define("titles", members, Attribution.none()).toCompletableFuture().join();
  }

  private static ObjectNode words(String field) {
    return JsonNodeFactory.instance.objectNode().put("type", "words").put("field", field);
  }

  private List<String> ids(String method, ViewArguments arguments) {
    List<String> ids = new ArrayList<>();
    try (Cursor<Row> rows =
        films
            .queries()
            .rows("titles", method, arguments, Consistency.latest())
            .toCompletableFuture()
            .join()) {
      while (rows.advance()) {
        ids.add(rows.current().documentId());
      }
    }
    return ids;
  }

  private List<String> search(String words) {
    return ids("search", ViewArguments.none().with("words", words));
  }

  @Test
  void documentsAreFoundByTheirWords() {
    put("1", "The Third Man");
    put("2", "The Man Who Knew Too Much");
    define(words("title"));
    put("3", "Third");
    assertThat(search("man")).containsExactly("1", "2");
    assertThat(search("Man, third!")).containsExactly("1");
    assertThat(search("third")).containsExactly("1", "3");
    assertThat(search("third woman")).isEmpty();
    assertThat(ids("rows", ViewArguments.none().with("prefix", "\"wh\""))).containsExactly("2");
  }

  @Test
  void changedAndDeletedDocumentsLeaveNoWordsBehind() {
    define(words("title"));
    put("1", "Alien");
    put("2", "Alien");
    put("1", "Aliens");
    films.delete("2", Base.any(), Attribution.none()).toCompletableFuture().join();
    assertThat(search("alien")).isEmpty();
    assertThat(search("aliens")).containsExactly("1");
  }

  @Test
  void whatIsNotUnderstoodIsRefused() {
    for (ObjectNode wrong :
        List.of(
            words(""),
            words("title").put("shortest", 0),
            words("title").put("longest", 3),
            JsonNodeFactory.instance.objectNode().put("type", "words"))) {
      assertThatThrownBy(() -> define(wrong))
          .hasRootCauseInstanceOf(InvalidDefinitionException.class);
    }
  }
}
