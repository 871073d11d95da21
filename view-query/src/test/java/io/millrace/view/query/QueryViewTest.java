package io.millrace.view.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.document.Change;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.Cursor;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The view as the engine and other views see it. */
final class QueryViewTest {
  private final long seed = Seeds.seed();
  private final Random random = new Random(seed);

  private static final String SORTED = "[{\"$sort\":[\"a\"]}]";

  private List<Change> changes(int count) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = "d" + random.nextInt(40);
      changes.add(
          switch (random.nextInt(6)) {
            case 0 -> QueryFixture.delete(id);
            case 1 -> QueryFixture.put(id, "{\"b\":[" + random.nextInt(9) + "]}");
            case 2 -> QueryFixture.put(id, "{\"a\":\"" + "x".repeat(66_000) + "\"}");
            default -> QueryFixture.put(id, "{\"a\":" + random.nextInt(9) + ",\"b\":\"y\"}");
          });
    }
    return changes;
  }

  /** Changes as a batch has them: each document once. */
  private static List<Change> batch(List<Change> changes) {
    Map<String, Change> last = new LinkedHashMap<>();
    for (Change change : changes) {
      last.remove(change.id());
      last.put(change.id(), change);
    }
    return List.copyOf(last.values());
  }

  @Test
  void anySplitIntoBatchesGivesTheSameRowsAndRestartsDoNotMatter() {
    List<Change> changes = changes(200);
    List<String> once;
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a", "b,a"))) {
      fixture.apply(batch(changes));
      once = fixture.everything();
    }
    assertThat(once).isNotEmpty();
    for (int round = 0; round < 5; round++) {
      try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a", "b,a"))) {
        for (int at = 0; at < changes.size(); ) {
          int end = Math.min(changes.size(), at + 1 + random.nextInt(40));
          fixture.apply(batch(changes.subList(at, end)));
          at = end;
          if (random.nextInt(3) == 0) {
            fixture.reopen();
          }
        }
        assertThat(fixture.everything()).as("seed %s", seed).isEqualTo(once);
      }
    }
  }

  @Test
  void interruptedBatchIsGivenUp() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a"))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(
              () ->
                  fixture.view.apply(
                      new ViewBatch(List.of(QueryFixture.put("1", "{}")), true),
                      fixture.store.batch()))
          .isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void documentsThatCannotBeIndexedAreListedAndFoundNevertheless() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a", "b"))) {
      String longText = "x".repeat(70_000);
      fixture.fill("{\"a\":\"x\",\"b\":1}", "{\"a\":\"" + longText + "\",\"b\":1}", "{\"b\":2}");
      try (Cursor<DocumentError> errors = fixture.view.errors(fixture.store)) {
        assertThat(errors.advance()).isTrue();
        assertThat(errors.current().id()).isEqualTo("2");
        assertThat(errors.advance()).isFalse();
      }
      assertThat(fixture.view.statistics(fixture.store).errors()).isEqualTo(1);
      assertThat(fixture.ids("{\"a\":{\"$prefix\":\"x\"}}")).containsExactly("1", "2");
      assertThat(fixture.ids("{\"b\":1}")).containsExactly("1", "2");
      assertThat(fixture.ids("{\"b\":2}")).containsExactly("3");
      assertThat(fixture.ids("{\"a\":\"" + longText + "\"}")).containsExactly("2");
      String sorted = "[{\"$filter\":{\"b\":{\"$gt\":0}}},{\"$sort\":[\"b\"]}]";
      assertThat(fixture.explain(sorted).get("sorted").textValue()).isEqualTo("memory");
      assertThat(fixture.ids(sorted)).containsExactly("1", "2", "3");
      fixture.apply(QueryFixture.put("2", "{\"b\":0}"));
      assertThat(fixture.explain(sorted).get("sorted").textValue()).isEqualTo("index");
    }
  }

  @Test
  void numbersTooLongToComputeAreInNoResultThatLooksAtThem() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a"))) {
      fixture.fill(
          "{\"a\":1}", "{\"a\":" + "9".repeat(10_001) + "}", "{\"a\":1e99999999999,\"b\":1}");
      assertThat(fixture.ids("{}")).containsExactly("1");
      assertThat(fixture.ids("{\"a\":{\"$is\":\"number\"}}")).containsExactly("1");
      assertThat(fixture.ids(Map.of())).containsExactly("1", "2", "3");
      assertThat(fixture.view.statistics(fixture.store).errors()).isEqualTo(2);
    }
  }

  @Test
  void resultsFollowTheirDocuments() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a"))) {
      fixture.fill("{\"a\":1}", "{\"a\":2}");
      assertThat(fixture.ids("{\"a\":1}")).containsExactly("1");
      fixture.apply(QueryFixture.put("1", "{\"a\":3}"), QueryFixture.put("2", "{\"a\":1}"));
      assertThat(fixture.ids("{\"a\":1}")).containsExactly("2");
      fixture.apply(QueryFixture.delete("2"));
      assertThat(fixture.ids("{\"a\":1}")).isEmpty();
    }
  }

  @Test
  void rowBehindItsDocumentIsCheckedAgain() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a"))) {
      fixture.fill("{\"a\":1}", "{\"a\":1}");
      fixture.documents.apply(QueryFixture.put("1", "{\"a\":2}"));
      fixture.documents.apply(QueryFixture.delete("2"));
      assertThat(fixture.ids("{\"a\":1}")).isEmpty();
    }
  }

  @Test
  void changedDocumentsAreTold() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a"))) {
      fixture.fill("{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
      String query = "[{\"$filter\":{\"a\":{\"$gt\":1}}},{\"$map\":\"a\"}]";
      assertThat(fixture.changed(List.of("3", "1", "gone", "2"), Map.of("query", query)))
          .containsExactly("3 3", "2 2");
      assertThat(fixture.changed(List.of(), Map.of("query", query))).isEmpty();
    }
  }

  @Test
  void keyIsTheIdOrNull() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a"))) {
      fixture.fill("{\"a\":1}");
      Row row = fixture.rows(Map.of("query", "[{\"$map\":\"a\"}]")).get(0);
      assertThat(QueryFixture.utf8(row.key())).isEqualTo("\"1\"");
      assertThat(row.identified()).isFalse();
      row = fixture.rows(Map.of("query", "[{\"$reduce\":{\"$count\":true}}]")).get(0);
      assertThat(QueryFixture.utf8(row.key())).isEqualTo("null");
      assertThat(row.documentId()).isEmpty();
    }
  }

  @Test
  void pagesTogetherAreTheWhole() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a", "b,a"))) {
      for (int i = 0; i < 60; i++) {
        String b = random.nextInt(4) == 0 ? "\"" + "y".repeat(1_200) + "\"" : "\"x\"";
        fixture.apply(QueryFixture.put("d" + i, "{\"a\":" + i % 7 + ",\"b\":" + b + "}"));
      }
      fixture.apply(QueryFixture.put("e1", "{\"a\":\"" + "z".repeat(70_000) + "\",\"b\":\"x\"}"));
      fixture.apply(QueryFixture.put("e2", "{\"a\":\"" + "z".repeat(70_000) + "\",\"b\":\"x\"}"));
      List<String> queries =
          List.of(
              "[]",
              "{\"a\":{\"$gt\":2}}",
              "{\"b\":\"x\",\"a\":{\"$in\":[1,2,3]}}",
              "{\"b\":{\"$prefix\":\"\"},\"a\":{\"$int\":true}}",
              SORTED,
              "[{\"$filter\":{\"a\":{\"$gte\":0}}},{\"$sort\":[\"a\"]},{\"$map\":\"id\"}]",
              "[{\"$reduce\":{\"a\":\"a\",\"n\":{\"$count\":true}}}]");
      for (String query : queries) {
        for (String reverse : List.of("false", "true")) {
          Map<String, String> whole = Map.of("query", query, "reverse", reverse);
          assertThat(paged(fixture, whole)).as(query).isEqualTo(fixture.values(whole));
        }
      }
    }
  }

  private static List<String> paged(QueryFixture fixture, Map<String, String> arguments) {
    List<String> values = new ArrayList<>();
    Map<String, String> page = new LinkedHashMap<>(arguments);
    page.put("limit", "4");
    List<Row> rows = fixture.rows(page);
    while (!rows.isEmpty()) {
      rows.forEach(row -> values.add(QueryFixture.utf8(row.value())));
      page.put("after", QueryFixture.after(rows.get(rows.size() - 1)));
      rows = fixture.rows(page);
    }
    return values;
  }

  @Test
  void memoryOfGatheringStagesIsBounded() {
    Map<String, String> settings = Map.of("gathered-rows", "3", "gathered-bytes", "4KiB");
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a"), settings)) {
      fixture.fill("{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
      assertThat(fixture.ids(SORTED)).hasSize(3);
      fixture.apply(QueryFixture.put("4", "{\"a\":4}"));
      tooLarge(fixture, Map.of("query", SORTED), "query[0].$sort holds more than 3 rows");
      tooLarge(
          fixture,
          Map.of("query", "[{\"$reduce\":{\"a\":\"a\",\"n\":{\"$count\":true}}}]"),
          "query[0].$reduce holds more than 3 rows in memory, which is the limit"
              + " millrace.view.query.gathered-rows");
      assertThat(fixture.ids(Map.of("reverse", "true"))).containsExactly("4", "3", "2", "1");
      assertThat(fixture.ids(Map.of("query", SORTED, "limit", "3"))).containsExactly("1", "2", "3");
      tooLarge(
          fixture,
          Map.of("query", SORTED, "limit", "4"),
          "query[0].$sort holds more than 3 rows in memory");
      assertThat(fixture.values("[{\"$reduce\":{\"$count\":true}}]")).containsExactly("4");
      fixture.apply(QueryFixture.put("1", "{\"a\":1,\"t\":\"" + "x".repeat(5_000) + "\"}"));
      tooLarge(
          fixture,
          Map.of("query", "[{\"$reduce\":{\"$collect\":\"t\"}}]"),
          "query[0].$reduce holds more than 4096 bytes in memory");
      tooLarge(
          fixture,
          Map.of("query", "[{\"$filter\":{\"a\":1}},{\"$sort\":[\"t\"]}]"),
          "query[1].$sort holds more than 4096 bytes");
      assertThat(fixture.ids("[{\"$filter\":{\"a\":{\"$gt\":0}}},{\"$sort\":[\"a\"]}]")).hasSize(4);
    }
  }

  private static void tooLarge(
      QueryFixture fixture, Map<String, String> arguments, String message) {
    assertThatThrownBy(() -> fixture.rows(arguments))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageStartingWith(message)
        .extracting(problem -> ((InvalidRequestException) problem).code())
        .isEqualTo("question-too-large");
  }

  @Test
  void othersFindDocumentsByTheIndexes() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a", "b,a"))) {
      fixture.fill("{\"a\":[2],\"b\":1}", "{\"a\":3,\"b\":1}", "{\"a\":4}");
      List<PathIndex> indexes = fixture.view.indexes();
      assertThat(indexes).extracting(PathIndex::name).containsExactly("a", "b,a");
      PathIndex.Range all = new PathIndex.Range(List.of(), null, null);
      assertThat(QueryFixture.rows(indexes.get(0).read(all, false, fixture.store)))
          .extracting(row -> row.documentId() + QueryFixture.utf8(row.key()))
          .containsExactly("23", "34", "1[2]");
      assertThat(QueryFixture.rows(indexes.get(1).read(all, true, fixture.store)))
          .extracting(row -> row.documentId() + QueryFixture.utf8(row.key()))
          .containsExactly("1[1,[2]]", "2[1,3]");
      PathIndex.Range some =
          new PathIndex.Range(
              List.of(QueryFixture.json("1.0")), QueryFixture.json("3"), QueryFixture.json("3.0"));
      assertThat(QueryFixture.rows(indexes.get(1).read(some, false, fixture.store))).hasSize(1);
      assertThat(indexes.get(1).count(some, 10, fixture.store)).isEqualTo(1);
      assertThat(indexes.get(0).count(all, 2, fixture.store)).isEqualTo(2);
    }
  }

  @Test
  void productsTooLongToShowAreRefused() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a"))) {
      for (int i = 0; i < 20; i++) {
        fixture.apply(QueryFixture.put("d" + i, "{\"a\":" + "7".repeat(900) + "}"));
      }
      String query = "[{\"$reduce\":{\"p\":{\"$product\":\"a\"}}}]";
      assertThatThrownBy(() -> fixture.values(query))
          .hasMessage("query[0].$reduce.p.$product has more than 10000 digits");
      fixture.apply(QueryFixture.put("z", "{\"a\":0}"));
      assertThat(fixture.values(query)).containsExactly("{\"p\":0}");
    }
  }
}
