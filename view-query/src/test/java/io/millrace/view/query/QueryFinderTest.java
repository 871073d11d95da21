package io.millrace.view.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.document.Document;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Documents;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import io.millrace.spi.Finder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions that nobody defined. */
final class QueryFinderTest {
  private final QueryFixture fixture = new QueryFixture(QueryFixture.indexes("year", "kind,year"));
  private final Finder finder = Objects.requireNonNull(fixture.factory.finder());

  @BeforeEach
  void fill() {
    for (int i = 0; i < 20; i++) {
      String kind = i % 2 == 0 ? "film" : "book";
      fixture.apply(
          QueryFixture.put("d" + i, "{\"kind\":\"" + kind + "\",\"year\":" + (1990 + i) + "}"));
    }
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private List<String> find(String query, List<Finder.Candidate> candidates) {
    ViewArguments question = ViewArguments.ofValues(Map.of("query", QueryFixture.json(query)));
    return QueryFixture.rows(finder.find(question, candidates, fixture.documents, fixture.store))
        .stream()
        .map(Row::documentId)
        .toList();
  }

  private JsonNode explain(String query) {
    ViewArguments question = ViewArguments.ofTexts(Map.of("query", query));
    return finder.explain(question, fixture.candidates(), fixture.store);
  }

  @Test
  void bestIndexOfTheBucketAnswers() {
    String query = "{\"kind\":\"film\",\"year\":{\"$gte\":2004}}";
    JsonNode plan = explain(query);
    assertThat(plan.get("index").textValue()).isEqualTo("films/kind,year");
    assertThat(plan.get("rows").asInt()).isEqualTo(3);
    assertThat(find(query, fixture.candidates())).containsExactly("d14", "d16", "d18");
    assertThat(explain("{\"year\":2000}").get("index").textValue()).isEqualTo("films/year");
  }

  @Test
  void withoutAnIndexAllDocumentsAreLookedAt() {
    String query = "{\"kind\":\"film\",\"year\":{\"$gte\":2004}}";
    assertThat(find(query, List.of())).containsExactly("d14", "d16", "d18");
    assertThat(explain("{\"title\":\"x\"}").get("scan").booleanValue()).isTrue();
    assertThat(find("[]", List.of())).hasSize(20);
  }

  @Test
  void aResumedScanReadsOnlyWhatIsLeft() {
    for (String reverse : List.of("false", "true")) {
      List<String> ids = new ArrayList<>();
      List<String> read = new ArrayList<>();
      Documents counted = watched(read);
      Map<String, String> page = new HashMap<>(Map.of("reverse", reverse, "limit", "7"));
      List<Row> rows = rows(page, counted);
      while (!rows.isEmpty()) {
        rows.forEach(row -> ids.add(row.documentId()));
        page.put("after", QueryFixture.after(rows.get(rows.size() - 1)));
        rows = rows(page, counted);
      }
      assertThat(ids).hasSize(20).isEqualTo(read);
    }
  }

  private List<Row> rows(Map<String, String> question, Documents documents) {
    return QueryFixture.rows(
        finder.find(ViewArguments.ofTexts(question), List.of(), documents, fixture.store));
  }

  /** The documents of the bucket; those that are walked over are told. */
  private Documents watched(List<String> read) {
    return new Documents() {
      @Override
      public @Nullable Document find(String id, StoreReader reader) {
        return fixture.documents.find(id, reader);
      }

      @Override
      public Cursor<Document> range(KeyRange ids, StoreReader reader) {
        Cursor<Document> walk = fixture.documents.range(ids, reader);
        return new Cursor<>() {
          @Override
          public boolean advance() {
            boolean found = walk.advance();
            if (found) {
              read.add(walk.current().id());
            }
            return found;
          }

          @Override
          public Document current() {
            return walk.current();
          }

          @Override
          public void close() {
            walk.close();
          }
        };
      }
    };
  }

  @Test
  void nothingIsReadBeforeItIsAskedFor() {
    ViewArguments question = ViewArguments.none();
    try (var rows = finder.find(question, List.of(), fixture.documents, fixture.store)) {
      fixture.documents.apply(QueryFixture.put("a", "{}"));
      assertThat(rows.advance()).isTrue();
      assertThat(rows.current().documentId()).isEqualTo("a");
    }
  }

  @Test
  void questionsThatMakeNoSenseNameTheParameterAndThePlace() {
    assertThat(finder.parameters()).contains("query", "reverse", "limit", "index", "after");
    assertThatThrownBy(() -> find("[{\"$filter\":{\"year\":{\"$foo\":1}}}]", List.of()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageStartingWith("parameter 'query' is refused at query[0].$filter.year.$foo: ");
  }
}
