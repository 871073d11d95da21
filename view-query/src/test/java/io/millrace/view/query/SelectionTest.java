package io.millrace.view.query;

import static io.millrace.view.query.QueryFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.error.InvalidRequestException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which index answers a question, and within which bounds. */
final class SelectionTest {
  @Test
  void scoresAreThoseOfTheReference() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a", "a,b"))) {
      fixture.fill("{\"a\":2,\"b\":\"y\"}", "{\"a\":2,\"b\":\"x\"}", "{\"a\":2}");
      JsonNode plan = fixture.explain("{\"a\":2}");
      assertThat(plan.get("scores")).isEqualTo(json("{\"a\":2,\"a,b\":2}"));
      assertThat(plan.get("index").textValue()).isEqualTo("a");
      assertThat(plan.get("rows").asInt()).isEqualTo(3);
      plan = fixture.explain("{\"a\":2,\"b\":\"y\"}");
      assertThat(plan.get("scores")).isEqualTo(json("{\"a\":2,\"a,b\":6}"));
      assertThat(plan.get("index").textValue()).isEqualTo("a,b");
      assertThat(plan.get("gte")).isEqualTo(json("[2,\"y\"]"));
      assertThat(plan.get("lte")).isEqualTo(json("[2,\"y\"]"));
      assertThat(plan.get("rows").asInt()).isEqualTo(1);
      plan = fixture.explain("{\"b\":\"y\"}");
      assertThat(plan.get("scan").booleanValue()).isTrue();
      assertThat(plan.get("scores")).isEqualTo(json("{\"a\":0,\"a,b\":0}"));
      assertThat(fixture.explain(Map.of()).get("scan").booleanValue()).isTrue();
    }
  }

  @Test
  void rangesScoreOneAndStopWhereNothingIsSaid() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a", "a,b,c"))) {
      assertThat(scores(fixture, "{\"a\":{\"$gt\":1}}")).isEqualTo(json("{\"a\":1,\"a,b,c\":1}"));
      assertThat(scores(fixture, "{\"a\":{\"$gt\":1},\"b\":2}"))
          .isEqualTo(json("{\"a\":1,\"a,b,c\":3}"));
      assertThat(scores(fixture, "{\"a\":1,\"c\":2}")).isEqualTo(json("{\"a\":2,\"a,b,c\":2}"));
      assertThat(scores(fixture, "{\"a\":{\"$ne\":1}}")).isEqualTo(json("{\"a\":0,\"a,b,c\":0}"));
      assertThat(scores(fixture, "{\"a\":{\"$in\":[1]}}")).isEqualTo(json("{\"a\":0,\"a,b,c\":0}"));
      assertThat(scores(fixture, "{\"a\":{\"$prefix\":\"x\"},\"b\":{\"$is\":\"string\"},\"c\":1}"))
          .isEqualTo(json("{\"a\":1,\"a,b,c\":6}"));
    }
  }

  private static JsonNode scores(QueryFixture fixture, String query) {
    return fixture.explain(query).get("scores");
  }

  @Test
  void rightHandRangeIsNotUsedWithoutTheLeftOne() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a,b"))) {
      JsonNode plan = fixture.explain("{\"a\":{\"$truthy\":true},\"b\":{\"$gt\":1}}");
      assertThat(plan.path("scan").booleanValue()).isTrue();
      plan = fixture.explain("{\"a\":{\"$gte\":1},\"b\":{\"$gt\":1}}");
      assertThat(plan.get("gte")).isEqualTo(json("[1]"));
      assertThat(plan.get("lte")).isEqualTo(json("[\"\"]"));
    }
  }

  @Test
  void indexThatLacksDocumentsIsNotUsed() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a,b"))) {
      fixture.fill("{\"a\":1}", "{\"a\":1,\"b\":2}");
      JsonNode plan = fixture.explain("{\"a\":1}");
      assertThat(plan.path("scan").booleanValue()).isTrue();
      assertThat(plan.get("unfit").get("a,b").textValue()).contains("documents without [b]");
      assertThat(fixture.ids("{\"a\":1}")).containsExactly("1", "2");
      assertThat(fixture.explain("{\"a\":1,\"b\":{\"$is\":\"number\"}}").path("index").textValue())
          .isEqualTo("a,b");
    }
  }

  @Test
  void fewestRowsWinOverTheScore() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("kind", "size"))) {
      for (int i = 0; i < 50; i++) {
        fixture.apply(QueryFixture.put("d" + i, "{\"kind\":\"x\",\"size\":" + i + "}"));
      }
      String query = "{\"kind\":\"x\",\"size\":{\"$gt\":47}}";
      JsonNode plan = fixture.explain(query);
      assertThat(plan.get("scores")).isEqualTo(json("{\"kind\":2,\"size\":1}"));
      assertThat(plan.get("index").textValue()).isEqualTo("size");
      assertThat(fixture.ids(query)).containsExactly("d48", "d49");
      assertThat(
              fixture.explain("{\"kind\":\"none\",\"size\":{\"$gt\":47}}").get("index").textValue())
          .isEqualTo("kind");
    }
  }

  @Test
  void countingForTheReaderEndsAtTheSetting() {
    Map<String, String> settings = Map.of("counted-rows", "3");
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a"), settings)) {
      fixture.fill("{\"a\":1}", "{\"a\":1}", "{\"a\":1}");
      assertThat(fixture.explain("{\"a\":1}").toString()).contains("\"rows\":3,\"more\":false");
      fixture.apply(QueryFixture.put("4", "{\"a\":1}"));
      assertThat(fixture.explain("{\"a\":1}").toString()).contains("\"rows\":3,\"more\":true");
    }
  }

  @Test
  void orderOfAnIndexSavesTheSort() {
    try (QueryFixture fixture =
        new QueryFixture(QueryFixture.indexes("kind", "kind,year", "year"))) {
      for (int i = 0; i < 30; i++) {
        fixture.apply(
            QueryFixture.put("d" + i, "{\"kind\":\"x\",\"year\":" + (1900 + i * 7 % 30) + "}"));
      }
      String filter = "{\"$filter\":{\"kind\":\"x\",\"year\":{\"$is\":\"number\"}}}";
      String ascending = "[" + filter + ",{\"$sort\":[\"year\"]}]";
      JsonNode plan = fixture.explain(ascending);
      assertThat(plan.get("sorted").textValue()).isEqualTo("index");
      assertThat(plan.get("index").textValue()).isEqualTo("kind,year");
      assertThat(plan.get("streams").booleanValue()).isTrue();
      String descending = "[" + filter + ",{\"$sort\":[{\"path\":\"year\",\"descending\":true}]}]";
      assertThat(fixture.explain(descending).get("reverse").booleanValue()).isTrue();
      for (String query : new String[] {ascending, descending}) {
        assertThat(fixture.ids(query))
            .isEqualTo(fixture.ids(Map.of("query", query, "index", "none")))
            .isEqualTo(fixture.ids(Map.of("query", query, "index", "year")))
            .isEqualTo(fixture.ids(Map.of("query", query, "index", "kind")));
      }
      assertThat(fixture.explain("[{\"$sort\":[\"year\"]}]").get("sorted").textValue())
          .isEqualTo("memory");
    }
  }

  @Test
  void indexWithWhereIsUsedWhenTheQuestionContainsIt() {
    String index = "{\"name\":\"films\",\"key\":[\"year\"],\"where\":{\"type\":\"film\"}}";
    try (QueryFixture fixture = new QueryFixture("{\"indexes\":[" + index + "],\"exact\":false}")) {
      fixture.fill("{\"type\":\"film\",\"year\":1}", "{\"type\":\"book\",\"year\":1}");
      assertThat(fixture.ids("{\"year\":1}")).containsExactly("1", "2");
      assertThat(fixture.explain("{\"year\":1}").path("scan").booleanValue()).isTrue();
      JsonNode plan = fixture.explain("{\"year\":1,\"type\":\"film\"}");
      assertThat(plan.get("index").textValue()).isEqualTo("films");
      assertThat(plan.get("rows").asInt()).isEqualTo(1);
      assertThat(fixture.view.indexes()).isEmpty();
    }
  }

  @Test
  void arrayPrefixWorksThroughAnIndex() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("rel"))) {
      fixture.fill(
          "{\"rel\":[\"contact\",true,1]}", "{\"rel\":[\"contact\",true]}", "{\"rel\":[\"name\"]}");
      String query = "{\"rel\":{\"$prefix\":[\"contact\",true]}}";
      assertThat(fixture.explain(query).get("index").textValue()).isEqualTo("rel");
      assertThat(fixture.ids(query)).containsExactly("1");
      assertThat(fixture.ids("{\"rel\":[\"contact\"]}")).containsExactly("2", "1");
      assertThat(fixture.ids("{\"rel\":[\"contact\",{\"$is\":\"boolean\"},{\"$gt\":0}]}"))
          .containsExactly("1");
    }
  }

  @Test
  void indexCanBeNamed() {
    try (QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a", "b"))) {
      fixture.fill("{\"a\":1,\"b\":2}", "{\"a\":1}");
      String query = "{\"a\":1,\"b\":2}";
      assertThat(fixture.explain(Map.of("query", query, "index", "b")).get("index").textValue())
          .isEqualTo("b");
      assertThat(fixture.explain(Map.of("query", query, "index", "none")).path("scan").asBoolean())
          .isTrue();
      assertThatThrownBy(() -> fixture.rows(Map.of("query", "{\"a\":1}", "index", "b")))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("parameter 'index' names the index 'b': it cannot answer");
      assertThatThrownBy(() -> fixture.rows(Map.of("index", "c")))
          .hasMessageContaining("there is no such index; there are [a, b]");
    }
  }
}
