package io.millrace.view.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.Modules;
import io.millrace.spi.ViewProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Definitions and questions that make no sense. */
final class RefusalsTest {
  private final QueryFixture fixture = new QueryFixture(QueryFixture.indexes("a"));

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void moduleIsFoundByItsName() {
    ViewProvider found =
        Modules.find("view", ViewProvider.class, getClass().getClassLoader()).named("query");
    assertThat(found).isInstanceOf(QueryViewProvider.class);
  }

  @Test
  void definitionsThatSayWhatTheyMeanAreTaken() {
    for (String members :
        List.of(
            "{\"indexes\":[{\"name\":\"x\",\"key\":[\"a\"]}]}",
            "{\"indexes\":[{\"name\":\"x\",\"key\":[\"a.b\",[\"c.d\",0],\"id\"]}],\"exact\":false}",
            "{\"indexes\":[{\"name\":\"x\",\"key\":[\"a\"],\"where\":{\"t\":{\"$in\":[1]}}}]}")) {
      assertThatCode(() -> fixture.factory.validate(QueryFixture.definition(members)))
          .as(members)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void definitionsAreRefusedWithPlaceAndReason() {
    definition("{}", "indexes: an array of 1 to 32 indexes is needed");
    definition("{\"indexes\":[]}", "indexes: an array of 1 to 32");
    definition("{\"indexes\":{}}", "indexes: an array of 1 to 32");
    definition("{\"indexes\":[7]}", "indexes[0]: must be an object");
    definition("{\"indexes\":[{\"key\":[\"a\"]}]}", "indexes[0].name: a name of 1 to 100");
    definition(index("\"name\":\"\",\"key\":[\"a\"]"), "indexes[0].name: a name");
    definition(index("\"name\":\"none\",\"key\":[\"a\"]"), "indexes[0].name: a name");
    definition(index("\"name\":\"x\""), "indexes[0].key: an array of 1 to 32 paths");
    definition(index("\"name\":\"x\",\"key\":[]"), "indexes[0].key: an array of 1 to 32 paths");
    definition(index("\"name\":\"x\",\"key\":[\"a\",7]"), "indexes[0].key[1]: a path");
    definition(index("\"name\":\"x\",\"key\":[\"a\",\"a\"]"), "indexes[0].key[1]: the same path");
    definition(index("\"name\":\"x\",\"key\":[\"t.*\"]"), "indexes[0].key[0]: the step *");
    definition(
        index("\"name\":\"x\",\"key\":[\"a\"],\"were\":1"),
        "indexes[0].were: is not known; there are [name, key, where]");
    definition(
        index("\"name\":\"x\",\"key\":[\"a\"],\"where\":{\"b\":{\"$foo\":1}}"),
        "indexes[0].where.b.$foo: there is no such operator");
    definition(
        "{\"indexes\":[{\"name\":\"x\",\"key\":[\"a\"]},{\"name\":\"x\",\"key\":[\"b\"]}]}",
        "indexes[1].name: another index is called 'x' too");
    definition("{\"exact\":true}", "exact: can only be false");
    definition("{\"key\":[\"a\"]}", "key: is not known; there are [indexes, exact]");
  }

  private static String index(String members) {
    return "{\"indexes\":[{" + members + "}]}";
  }

  private void definition(String members, String message) {
    assertThatThrownBy(() -> fixture.factory.validate(QueryFixture.definition(members)))
        .as(members)
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void rowsOfOtherQueriesAreNotIndexed() {
    ObjectNode members = (ObjectNode) QueryFixture.json(QueryFixture.indexes("a"));
    ViewDefinition definition = new ViewDefinition("bucket", "q", "query", "other", members);
    assertThatThrownBy(() -> fixture.factory.validate(definition))
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageStartingWith("from: ");
  }

  @Test
  void questionsAreRefusedWithParameterPlaceAndReason() {
    question("7", "query: must be an array of stages");
    question("[7]", "query[0]: a stage is an object with one member");
    question("[{}]", "query[0]: a stage is an object with one member");
    question("[{\"$filter\":{},\"$map\":true}]", "query[0]: a stage is an object with one member");
    question("[{\"$filter\":{}},{\"$grep\":1}]", "query[1].$grep: there is no such stage; there");
    question("{\"year\":{\"$foo\":1}}", "query.year.$foo: there is no such operator");
    question("[{\"$filter\":{\"year\":{\"$foo\":1}}}]", "query[0].$filter.year.$foo: there is no");
    question("[{\"$filter\":{\"$gt\":1,\"a\":1}}]", "query[0].$filter.a: operators, which begin");
    question("[{\"$map\":false}]", "query[0].$map: must be a path");
    question("[{\"$map\":{}}]", "query[0].$map: an object to be made has at least one member");
    question("[{\"$map\":[]}]", "query[0].$map: an array of steps has at least one");
    question("[{\"$map\":{\"a\":{\"$no\":1}}}]", "query[0].$map.a.$no: there is no such operator");
    question("[{\"$map\":{\"a\":{\"$day\":1.5}}}]", "query[0].$map.a.$day: must be a path");
    question("[{\"$map\":{\"$day\":\"t\",\"$gt\":1}}]", "query[0].$map.$day: stands alone");
    question("[{\"$map\":\"a.*\"}]", "query[0].$map: the step \"*\" names many values");
    question("[{\"$reduce\":{}}]", "query[0].$reduce: must be an operator");
    question("[{\"$reduce\":\"a\"}]", "query[0].$reduce: must be an operator");
    question(
        "[{\"$reduce\":{\"$avg\":\"a\"}}]", "query[0].$reduce.$avg: is none of the reductions");
    question("[{\"$reduce\":{\"a\":{\"$avg\":1}}}]", "query[0].$reduce.a.$avg: there is no such");
    question(
        "[{\"$reduce\":{\"$sum\":\"a\",\"$min\":\"a\"}}]", "query[0].$reduce.$sum: stands alone");
    question("[{\"$sort\":\"a\"}]", "query[0].$sort: must be an array of 1 to 32 paths");
    question("[{\"$sort\":[]}]", "query[0].$sort: must be an array of 1 to 32 paths");
    question(
        "[{\"$sort\":[{\"descending\":true}]}]", "query[0].$sort[0]: the member path is needed");
    question("[{\"$sort\":[{\"path\":\"a\",\"desc\":1}]}]", "query[0].$sort[0].desc: is not known");
    question(
        "[{\"$sort\":[{\"path\":\"a\",\"descending\":1}]}]",
        "query[0].$sort[0].descending: must be true or false");
  }

  private void question(String query, String message) {
    for (boolean explained : new boolean[] {false, true}) {
      assertThatThrownBy(
              () -> {
                if (explained) {
                  fixture.explain(query);
                } else {
                  fixture.values(query);
                }
              })
          .as(query)
          .isExactlyInstanceOf(InvalidRequestException.class)
          .hasMessageStartingWith("parameter 'query' is refused at " + message)
          .extracting(problem -> ((InvalidRequestException) problem).code())
          .isEqualTo("invalid-parameter");
    }
  }

  @Test
  void parametersAreRefusedByTheirNames() {
    parameter(Map.of("query", "{"), "parameter 'query' is not JSON");
    parameter(Map.of("query", "{\"a\":1e99999999999}"), "parameter 'query' has a number whose");
    parameter(Map.of("limit", "-1"), "parameter 'limit' must be a whole number");
    parameter(Map.of("reverse", "yes"), "parameter 'reverse' must be true or false");
    parameter(Map.of("after", "AAAA"), "parameter 'after' is not a position");
    parameter(Map.of("after", "!"), "parameter 'after' is not a position");
    parameter(Map.of("index", "b"), "parameter 'index' names the index 'b'");
  }

  private void parameter(Map<String, String> arguments, String message) {
    assertThatThrownBy(() -> fixture.rows(arguments))
        .as(arguments.toString())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void whatNeedsAllResultsCannotBeFollowed() {
    for (String stage : List.of("{\"$sort\":[\"a\"]}", "{\"$reduce\":{\"$count\":true}}")) {
      assertThatThrownBy(() -> fixture.changed(List.of(), Map.of("query", "[" + stage + "]")))
          .hasMessageStartingWith("parameter 'query' cannot be followed");
    }
    for (String name : List.of("reverse", "after", "limit")) {
      assertThatThrownBy(() -> fixture.changed(List.of(), Map.of(name, "1")))
          .hasMessageStartingWith("parameter '" + name + "' makes no sense for results");
    }
  }
}
