package io.millrace.view.index.path;

import static io.millrace.view.index.path.IndexViews.delete;
import static io.millrace.view.index.path.IndexViews.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.ViewDefinition;
import io.millrace.view.index.JsonModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class IndexViewTest {
  private final IndexViews views = new IndexViews();

  @AfterEach
  void close() {
    views.close();
  }

  @Test
  void rowsStandInTheOrderOfTheirKeys() {
    IndexViews.Built view = views.view("{\"key\":[\"city\",\"year\"],\"value\":\"name\"}");
    view.apply(
        put("1", "{\"city\":\"Ulm\",\"year\":9,\"name\":\"a\"}"),
        put("2", "{\"city\":\"Bath\",\"year\":10}"),
        put("3", "{\"city\":\"Bath\",\"year\":9.5,\"name\":\"c\"}"),
        put("4", "{\"city\":\"Bath\",\"year\":\"9\"}"),
        put("5", "{\"city\":\"Bath\"}"));
    List<String> expected =
        List.of(
            "3 [\"Bath\",9.5]=\"c\"",
            "2 [\"Bath\",10]=null",
            "4 [\"Bath\",\"9\"]=null",
            "1 [\"Ulm\",9]=\"a\"");
    assertThat(view.rows()).isEqualTo(expected);
    assertThat(view.rows(Map.of("reverse", "true", "limit", "2")))
        .containsExactly(expected.get(3), expected.get(2));
    assertThat(view.rows(Map.of("prefix", "[\"Bath\"]"))).isEqualTo(expected.subList(0, 3));
    assertThat(view.rows(Map.of("term", "[\"Bath\",10.0]"))).containsExactly(expected.get(1));
    assertThat(view.rows(Map.of("start", "[\"Bath\",10]", "end", "[\"Ulm\"]")))
        .isEqualTo(expected.subList(1, 3));
    assertThat(view.call("count", Map.of("prefix", "[\"Bath\"]")).intValue()).isEqualTo(3);
    assertThat(view.call("count", Map.of()).intValue()).isEqualTo(4);
  }

  @Test
  void changedAndDeletedDocumentsLeaveNoRowsBehind() {
    IndexViews.Built view = views.view("{\"key\":\"tags.*\"}");
    view.apply(put("1", "{\"tags\":[\"a\",\"b\"]}"), put("2", "{\"tags\":[\"b\"]}"));
    view.apply(put("1", "{\"tags\":[\"c\",\"a\",\"c\"]}"), delete("2"));
    assertThat(view.rows()).containsExactly("1 \"a\"=null", "1 \"c\"=null");
    view.apply(put("1", "{\"tags\":[]}"), delete("3"));
    assertThat(view.rows()).isEmpty();
  }

  @Test
  void onlyDocumentsThatMatchTheFilterHaveRows() {
    IndexViews.Built view =
        views.view("{\"key\":\"name\",\"where\":{\"type\":\"person\",\"age\":{\"$gte\":18}}}");
    view.apply(
        put("1", "{\"type\":\"person\",\"age\":18,\"name\":\"a\"}"),
        put("2", "{\"type\":\"person\",\"age\":17,\"name\":\"b\"}"),
        put("3", "{\"type\":\"ship\",\"age\":18,\"name\":\"c\"}"),
        put("4", "{}"));
    assertThat(view.rows()).containsExactly("1 \"a\"=null");
    view.apply(
        put("1", "{\"type\":\"person\",\"age\":3,\"name\":\"a\"}"),
        put("2", "{\"type\":\"person\",\"age\":30,\"name\":\"b\"}"));
    assertThat(view.rows()).containsExactly("2 \"b\"=null");
  }

  @Test
  void filterSeesIdAndRevision() {
    IndexViews.Built view =
        views.view("{\"key\":\"rev\",\"where\":{\"id\":{\"$prefix\":\"user/\"}}}");
    view.apply(put("user/1", "{}"), put("ship/1", "{}"));
    assertThat(view.rows()).containsExactly("user/1 \"1-00000000000000020000000000000003\"=null");
  }

  @Test
  void documentThatCannotBeIndexedIsListedAndStopsNothing() {
    IndexViews.Built view = views.view("{\"key\":\"a\",\"where\":{\"a\":{\"$gt\":0}}}");
    IndexViews.Built plain = views.view("{\"key\":\"a\"}");
    String tooLong = "{\"a\":\"" + "x".repeat(70_000) + "\"}";
    String tooPrecise = "{\"a\":" + "1".repeat(10_001) + "}";
    view.apply(put("1", tooPrecise), put("2", "{\"a\":1}"));
    plain.apply(put("1", tooLong), put("2", "{\"a\":1}"));
    assertThat(view.rows()).containsExactly("2 1=null");
    assertThat(view.errors()).extracting(DocumentError::id).containsExactly("1");
    assertThat(plain.rows()).containsExactly("2 1=null");
    assertThat(plain.errors())
        .containsExactly(
            new DocumentError("1", "a key takes more than the 65000 bytes that can be indexed"));
    plain.apply(put("1", "{\"a\":0}"));
    assertThat(plain.errors()).isEmpty();
    assertThat(plain.rows()).containsExactly("1 0=null", "2 1=null");
  }

  @Test
  void getAnswersTheValueOfTheFirstRowWithTheKey() {
    IndexViews.Built view = views.view("{\"key\":\"k\",\"value\":{\"v\":\"v\",\"id\":\"id\"}}");
    view.apply(
        put("b", "{\"k\":1,\"v\":2.50}"), put("a", "{\"k\":1.0,\"v\":1}"), put("c", "{\"k\":[1]}"));
    assertThat(view.call("get", Map.of("key", "1")).toString()).isEqualTo("{\"v\":1,\"id\":\"a\"}");
    view.apply(delete("a"));
    assertThat(view.call("get", Map.of("key", "1e0")).toString())
        .isEqualTo("{\"v\":2.50,\"id\":\"b\"}");
    assertThat(view.call("get", Map.of("key", "[1]")).toString())
        .isEqualTo("{\"v\":null,\"id\":\"c\"}");
    assertThatThrownBy(() -> view.call("get", Map.of("key", "[]")))
        .isInstanceOf(NotFoundException.class);
    for (Map<String, String> wrong : List.of(Map.<String, String>of(), Map.of("key", "word"))) {
      assertThatThrownBy(() -> view.call("get", wrong))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("parameter 'key'");
    }
  }

  @Test
  void rowsAreReducedWhenTheDefinitionSaysHow() {
    IndexViews.Built view =
        views.view("{\"key\":[\"shop\",\"year\"],\"value\":\"total\",\"reduce\":\"sum\"}");
    view.apply(
        put("1", "{\"shop\":\"a\",\"year\":1,\"total\":1.5}"),
        put("2", "{\"shop\":\"a\",\"year\":2,\"total\":2}"),
        put("3", "{\"shop\":\"b\",\"year\":1,\"total\":4}"),
        put("4", "{\"shop\":\"b\",\"year\":1,\"total\":\"x\"}"));
    view.settle();
    assertThat(view.reduced(Map.of())).containsExactly("null=7.5");
    assertThat(view.reduced(Map.of("level", "1"))).containsExactly("[\"a\"]=3.5", "[\"b\"]=4");
    assertThat(view.rows(Map.of("reduce", "false", "limit", "1")))
        .containsExactly("1 [\"a\",1]=1.5");
    assertThat(view.errors()).extracting(DocumentError::id).containsExactly("4");
    assertThat(view.indexes()).hasSize(1);
    assertThat(view.call("get", Map.of("key", "[\"a\",2]")).intValue()).isEqualTo(2);
  }

  @Test
  void rowsOfAnotherQueryAreInputLikeDocuments() {
    IndexViews.Built view = views.view("{\"key\":\"rows.*.key\",\"value\":\"rows.*.value\"}");
    view.apply(put("1", "{\"rows\":[{\"key\":\"x\",\"value\":1},{\"key\":\"y\",\"value\":2}]}"));
    view.apply(put("2", "{\"rows\":[{\"key\":\"x\",\"value\":3}]}"));
    assertThat(view.rows()).containsExactly("1 \"x\"=1", "2 \"x\"=3", "1 \"y\"=2");
  }

  @Test
  void indexOfAllDocumentsWithTheValuesIsOfferedToOthers() {
    IndexViews.Built view = views.view("{\"key\":[\"a\",\"b.c\"],\"value\":\"d\"}");
    view.apply(
        put("1", "{\"a\":1,\"b\":{\"c\":1}}"),
        put("2", "{\"a\":1,\"b\":{\"c\":2}}"),
        put("3", "{\"a\":1,\"b\":{\"c\":[]}}"),
        put("4", "{\"a\":2,\"b\":{\"c\":1}}"),
        put("5", "{\"a\":\"x\",\"b\":{\"c\":null}}"));
    PathIndex index = view.indexes().get(0);
    assertThat(index.name()).isEmpty();
    assertThat(index.paths().toString()).isEqualTo("[\"a\", \"b.c\"]");
    assertThat(ids(index, "[]", null, null, false)).isEqualTo("12345");
    assertThat(ids(index, "[]", null, null, true)).isEqualTo("54321");
    assertThat(ids(index, "[1]", null, null, false)).isEqualTo("123");
    assertThat(ids(index, "[1]", "2", null, false)).isEqualTo("23");
    assertThat(ids(index, "[1]", "1", "2", true)).isEqualTo("21");
    assertThat(ids(index, "[1.0]", null, "2.0", false)).isEqualTo("12");
    assertThat(ids(index, "[1]", "2", "1", false)).isEmpty();
    assertThat(ids(index, "[1,2]", null, null, false)).isEqualTo("2");
    assertThat(ids(index, "[]", "2", null, false)).isEqualTo("45");
    assertThat(ids(index, "[]", null, "1", false)).isEqualTo("123");
    PathIndex.Range ones = range("[1]", null, null);
    assertThat(index.count(ones, 100, views.store)).isEqualTo(3);
    assertThat(index.count(ones, 2, views.store)).isEqualTo(2);
    assertThatThrownBy(() -> index.read(range("[1,2]", "3", null), false, views.store))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void plainKeysAreFoundByRangesToo() {
    IndexViews.Built view = views.view("{\"key\":\"a\"}");
    view.apply(put("1", "{\"a\":1}"), put("2", "{\"a\":2}"), put("3", "{\"a\":[2,1]}"));
    PathIndex index = view.indexes().get(0);
    assertThat(ids(index, "[2]", null, null, false)).isEqualTo("2");
    assertThat(ids(index, "[]", "2", null, false)).isEqualTo("23");
    assertThat(ids(index, "[]", null, "2", true)).isEqualTo("21");
  }

  private static PathIndex.Range range(String equal, @Nullable String from, @Nullable String to) {
    List<JsonNode> values = new ArrayList<>();
    JsonModel.read(equal).forEach(values::add);
    return new PathIndex.Range(
        values, from == null ? null : JsonModel.read(from), to == null ? null : JsonModel.read(to));
  }

  private String ids(
      PathIndex index, String equal, @Nullable String from, @Nullable String to, boolean reverse) {
    StringBuilder ids = new StringBuilder();
    for (String row : IndexViews.texts(index.read(range(equal, from, to), reverse, views.store))) {
      ids.append(row.charAt(0));
    }
    return ids.toString();
  }

  @Test
  void indexThatLacksDocumentsOrIsOverRowsIsNotOffered() {
    for (String members :
        List.of(
            "{\"key\":\"a.*\"}",
            "{\"key\":\"a\",\"where\":{\"b\":1}}",
            "{\"key\":\"a\",\"missing\":\"null\"}")) {
      assertThat(views.view(members).indexes()).as(members).isEmpty();
    }
    ObjectNode members = (ObjectNode) JsonModel.read("{\"key\":\"a\"}");
    ViewDefinition composed = new ViewDefinition("bucket", "query", "index", "other", members);
    assertThat(IndexDefinition.of(composed).findsDocuments()).isFalse();
  }
}
