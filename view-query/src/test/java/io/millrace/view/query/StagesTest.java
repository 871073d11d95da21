package io.millrace.view.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stages make of documents. */
final class StagesTest {
  private final QueryFixture fixture = new QueryFixture(QueryFixture.indexes("unused"));

  @AfterEach
  void close() {
    fixture.close();
  }

  private void people() {
    fixture.fill(
        "{\"name\":\"pfraze\",\"country\":\"US\",\"dwelling\":\"apartment\"}",
        "{\"name\":\"substack\",\"country\":\"US\",\"dwelling\":\"house\"}",
        "{\"name\":\"mix\",\"country\":\"NZ\",\"dwelling\":\"house\"}",
        "{\"name\":\"du5t\",\"country\":\"US\",\"dwelling\":\"apartment\"}",
        "{\"name\":\"dominic\",\"country\":\"NZ\",\"dwelling\":\"sailboat\"}");
  }

  @Test
  void withoutStagesDocumentsComeAsTheyAreShownAndWereWritten() {
    fixture.fill("{\"b\":1.50,\"a\":[1e2]}", "{}");
    assertThat(fixture.values(Map.of()))
        .containsExactly(
            "{\"id\":\"1\",\"rev\":\"1-00000000000000020000000000000003\",\"b\":1.50,\"a\":[1e2]}",
            "{\"id\":\"2\",\"rev\":\"1-00000000000000020000000000000003\"}");
    assertThat(fixture.values("{\"a\":{}}")).isEqualTo(fixture.values(Map.of()).subList(0, 1));
  }

  @Test
  void plainObjectAsQueryIsAFilter() {
    fixture.fill("{\"a\":1}", "{\"a\":2}");
    assertThat(fixture.ids("{\"a\":2}")).containsExactly("2");
    assertThat(fixture.ids("{\"$filter\":{\"a\":2}}")).containsExactly("2");
    assertThat(fixture.values("{\"$map\":\"a\"}")).containsExactly("1", "2");
    assertThat(fixture.ids("{\"$not\":{\"a\":2}}")).containsExactly("1");
  }

  @Test
  void stagesComeInAnyOrderAndNumberAndNullIsNone() {
    fixture.fill("{\"a\":1}", "{\"a\":2}", "{\"a\":3}", "{\"a\":4}");
    assertThat(
            fixture.values(
                "[null,{\"$map\":\"a\"},{\"$filter\":{\"$gt\":1}},null,{\"$map\":{\"n\":true}},"
                    + "{\"$filter\":{}},{\"$reduce\":{\"$count\":true}},{\"$map\":{\"$gt\":2}}]"))
        .containsExactly("true");
    assertThat(fixture.values("[]")).hasSize(4);
  }

  @Test
  void mapsMakeValuesAndObjects() {
    fixture.fill("{\"a\":{\"b\":{\"c\":[1,2,3]}},\"x.y\":5,\"foo\":1,\"bar\":null}");
    assertThat(map("\"a.b.c\"")).containsExactly("[1,2,3]");
    assertThat(map("[\"a\",\"b\",\"c\",-1]")).containsExactly("3");
    assertThat(map("\"a.b.c.0\"")).containsExactly("1");
    assertThat(map("[\"x.y\"]")).containsExactly("5");
    assertThat(map("\"x.y\"")).isEmpty();
    assertThat(map("{\"foo\":true}")).containsExactly("{\"foo\":1}");
    assertThat(map("{\"x.y\":true}")).containsExactly("{\"x.y\":5}");
    assertThat(map("{\"f\":\"bar\",\"b\":\"foo\",\"n\":\"none\"}"))
        .containsExactly("{\"f\":null,\"b\":1}");
    assertThat(map("{\"abc\":[\"a\",\"b\",true],\"l\":{\"last\":\"a.b.c.-1\"}}"))
        .containsExactly("{\"abc\":{\"c\":[1,2,3]},\"l\":{\"last\":3}}");
    assertThat(map("{\"none\":true}")).containsExactly("{}");
    assertThat(map("[\"none\",{\"a\":true}]")).isEmpty();
    assertThat(map("\"id\"")).containsExactly("\"1\"");
    assertThat(map("[\"a\",{\"q\":\"b.c\"},\"q\",1]")).containsExactly("2");
  }

  @Test
  void mapsHaveOperators() {
    fixture.fill("{\"a\":7,\"b\":\"text\"}");
    assertThat(map("[\"a\",{\"$mod\":4}]")).containsExactly("3");
    assertThat(map("[\"b\",{\"$mod\":4}]")).isEmpty();
    assertThat(map("{\"t\":[\"b\",{\"$type\":true}],\"n\":[\"none\",{\"$type\":true}]}"))
        .containsExactly("{\"t\":\"string\",\"n\":\"undefined\"}");
    assertThat(map("[\"a\",{\"$gt\":5,\"$int\":true}]")).containsExactly("true");
    assertThat(map("{\"$get\":\"a\"}")).containsExactly("7");
    assertThat(map("[\"b\",{\"$is\":\"number\"}]")).containsExactly("false");
    assertThat(map("[\"b\",{\"$prefix\":\"te\"}]")).containsExactly("true");
  }

  @Test
  void mapKeepsWhatIsFalseEmptyZeroOrNull() {
    fixture.fill("{\"a\":0}", "{\"a\":\"\"}", "{\"a\":false}", "{\"a\":null}", "{}");
    assertThat(map("\"a\"")).containsExactly("0", "\"\"", "false", "null");
  }

  private List<String> map(String rule) {
    return fixture.values("[{\"$map\":" + rule + "}]");
  }

  private List<String> reduce(String rule) {
    return fixture.values("[{\"$reduce\":" + rule + "}]");
  }

  @Test
  void reductionsMakeOneOfAll() {
    fixture.fill("{\"n\":1}", "{\"n\":2.5}", "{\"n\":3}", "{\"n\":\"x\"}", "{}", "{\"n\":null}");
    assertThat(reduce("{\"$count\":true}")).containsExactly("6");
    assertThat(reduce("{\"$count\":\"n\"}")).containsExactly("5");
    assertThat(reduce("{\"$sum\":\"n\"}")).containsExactly("6.5");
    assertThat(reduce("{\"$product\":\"n\"}")).containsExactly("7.5");
    assertThat(reduce("{\"$min\":\"n\"}")).containsExactly("1");
    assertThat(reduce("{\"$max\":\"n\"}")).containsExactly("3");
    assertThat(reduce("{\"$collect\":\"n\"}")).containsExactly("[1,2.5,3,\"x\",null]");
    assertThat(reduce("{\"$sum\":[\"n\",{\"$mod\":2}]}")).containsExactly("2.5");
  }

  @Test
  void leastAndGreatestBeginWithTheFirstNumber() {
    fixture.fill("{\"n\":5,\"m\":-5}", "{\"n\":7,\"m\":-7}");
    assertThat(reduce("{\"$min\":\"n\"}")).containsExactly("5");
    assertThat(reduce("{\"$max\":\"m\"}")).containsExactly("-5");
    assertThat(reduce("{\"$max\":\"none\"}")).containsExactly("null");
  }

  @Test
  void productWithZeroIsZero() {
    fixture.fill("{\"n\":0}", "{\"n\":7}");
    assertThat(reduce("{\"$product\":\"n\"}")).containsExactly("0");
  }

  @Test
  void objectOfReductionsKeepsItsKeys() {
    fixture.fill("{\"foo\":0,\"bar\":1}", "{\"foo\":10,\"bar\":2}", "{\"foo\":-5,\"bar\":3}");
    assertThat(reduce("{\"most\":{\"$max\":\"foo\"},\"in\":{\"foo\":{\"$sum\":\"foo\"}}}"))
        .containsExactly("{\"most\":10,\"in\":{\"foo\":5}}");
    assertThat(reduce("{\"n\":{\"$count\":true}}")).containsExactly("{\"n\":3}");
  }

  @Test
  void nothingMakesNothing() {
    assertThat(reduce("{\"$count\":true}")).isEmpty();
    assertThat(reduce("{\"a\":\"a\",\"n\":{\"$count\":true}}")).isEmpty();
  }

  @Test
  void pathsGroupAndGroupsComeInTheirOrder() {
    people();
    assertThat(reduce("{\"country\":\"country\",\"n\":{\"$count\":true}}"))
        .containsExactly("{\"country\":\"NZ\",\"n\":2}", "{\"country\":\"US\",\"n\":3}");
    assertThat(
            reduce(
                "{\"country\":\"country\",\"dwelling\":\"dwelling\","
                    + "\"people\":{\"$collect\":\"name\"}}"))
        .containsExactly(
            "{\"country\":\"NZ\",\"dwelling\":\"house\",\"people\":[\"mix\"]}",
            "{\"country\":\"NZ\",\"dwelling\":\"sailboat\",\"people\":[\"dominic\"]}",
            "{\"country\":\"US\",\"dwelling\":\"apartment\",\"people\":[\"pfraze\",\"du5t\"]}",
            "{\"country\":\"US\",\"dwelling\":\"house\",\"people\":[\"substack\"]}");
  }

  @Test
  void groupsCanBeNested() {
    people();
    assertThat(
            reduce(
                "{\"dwelling\":\"dwelling\",\"citizens\":{\"$reduce\":"
                    + "{\"country\":\"country\",\"n\":{\"$count\":true}}}}"))
        .containsExactly(
            "{\"dwelling\":\"apartment\",\"citizens\":[{\"country\":\"US\",\"n\":2}]}",
            "{\"dwelling\":\"house\",\"citizens\":"
                + "[{\"country\":\"NZ\",\"n\":1},{\"country\":\"US\",\"n\":1}]}",
            "{\"dwelling\":\"sailboat\",\"citizens\":[{\"country\":\"NZ\",\"n\":1}]}");
    assertThat(reduce("{\"value\":{\"c\":[\"country\"]},\"n\":{\"$count\":true}}"))
        .containsExactly(
            "{\"value\":{\"c\":\"NZ\"},\"n\":2}", "{\"value\":{\"c\":\"US\"},\"n\":3}");
  }

  @Test
  void equalKeysAreOneGroupAndWhatIsMissingIsAnother() {
    fixture.fill("{\"k\":1.0}", "{\"k\":1}", "{\"k\":null}", "{}");
    assertThat(reduce("{\"k\":\"k\",\"n\":{\"$count\":true}}"))
        .containsExactly("{\"n\":1}", "{\"k\":null,\"n\":1}", "{\"k\":1,\"n\":2}");
  }

  @Test
  void timesGroupByDayWeekMonthAndYear() {
    fixture.fill(
        "{\"t\":\"2024-12-30T23:30:00-01:00\"}",
        "{\"t\":\"2024-12-31T12:00:00Z\"}",
        "{\"t\":1735732800000}",
        "{\"t\":\"yesterday\"}");
    assertThat(reduce("{\"day\":{\"$day\":\"t\"},\"n\":{\"$count\":true}}"))
        .containsExactly(
            "{\"n\":1}", "{\"day\":\"2024-12-31\",\"n\":2}", "{\"day\":\"2025-01-01\",\"n\":1}");
    assertThat(reduce("{\"week\":{\"$week\":\"t\"},\"n\":{\"$count\":true}}"))
        .containsExactly("{\"n\":1}", "{\"week\":\"2025-W01\",\"n\":3}");
    assertThat(reduce("{\"month\":{\"$month\":\"t\"},\"n\":{\"$count\":true}}"))
        .containsExactly(
            "{\"n\":1}", "{\"month\":\"2024-12\",\"n\":2}", "{\"month\":\"2025-01\",\"n\":1}");
    assertThat(reduce("{\"year\":[\"t\",{\"$year\":true}],\"n\":{\"$count\":true}}"))
        .containsExactly("{\"n\":1}", "{\"year\":\"2024\",\"n\":2}", "{\"year\":\"2025\",\"n\":1}");
    assertThat(fixture.values("[{\"$map\":{\"d\":{\"$day\":\"t\"}}}]"))
        .contains("{\"d\":\"2025-01-01\"}", "{}");
  }

  @Test
  void sortsAscendDescendAndPutWhatIsMissingFirst() {
    fixture.fill(
        "{\"a\":2}", "{\"a\":\"x\"}", "{}", "{\"a\":null}", "{\"a\":10,\"b\":1}", "{\"a\":2.0}");
    assertThat(fixture.ids("[{\"$sort\":[\"a\"]}]")).containsExactly("3", "4", "1", "6", "5", "2");
    assertThat(fixture.ids("[{\"$sort\":[[\"a\"]]}]"))
        .containsExactly("3", "4", "1", "6", "5", "2");
    assertThat(fixture.ids("[{\"$sort\":[{\"path\":\"a\",\"descending\":true}]}]"))
        .containsExactly("2", "5", "6", "1", "4", "3");
    assertThat(fixture.ids("[{\"$sort\":[\"b\",{\"path\":\"id\",\"descending\":true}]}]"))
        .containsExactly("6", "4", "3", "2", "1", "5");
    assertThat(
            fixture.values(
                "[{\"$sort\":[\"a\"]},{\"$filter\":{\"a\":{\"$gt\":2}}},{\"$map\":\"a\"}]"))
        .containsExactly("10");
  }

  @Test
  void reverseReadsFromTheOtherEnd() {
    fixture.fill("{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
    assertThat(fixture.ids(Map.of("reverse", "true"))).containsExactly("3", "2", "1");
    assertThat(
            fixture.values(
                Map.of("reverse", "true", "query", "[{\"$reduce\":{\"$collect\":\"a\"}}]")))
        .containsExactly("[3,2,1]");
    assertThat(fixture.ids(Map.of("reverse", "true", "query", "[{\"$sort\":[\"a\"]}]")))
        .containsExactly("1", "2", "3");
  }

  @Test
  void limitCountsResults() {
    fixture.fill("{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
    assertThat(fixture.values(Map.of("limit", "1", "query", "[{\"$reduce\":{\"$count\":true}}]")))
        .containsExactly("3");
    assertThat(fixture.ids(Map.of("limit", "2"))).containsExactly("1", "2");
    assertThat(fixture.ids(Map.of("limit", "0"))).isEmpty();
  }

  @Test
  void resultsDoNotDependOnTheOrderOfRows() {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String exponent = random.nextInt(4) == 0 ? "e" + (random.nextInt(60) - 30) : "";
      String sign = random.nextBoolean() ? "-" : "";
      bodies.add(
          "{\"n\":"
              + sign
              + random.nextInt(9)
              + ".1"
              + exponent
              + ",\"g\":1"
              + "."
              + "0".repeat(1 + i % 3)
              + "}");
    }
    String query =
        "[{\"$reduce\":{\"g\":\"g\",\"s\":{\"$sum\":\"n\"},\"p\":{\"$product\":\"n\"},"
            + "\"l\":{\"$min\":\"g\"},\"m\":{\"$max\":\"n\"}}}]";
    List<String> first = List.of();
    for (int round = 0; round < 5; round++) {
      try (QueryFixture other = new QueryFixture(QueryFixture.indexes("unused"))) {
        other.fill(bodies.toArray(String[]::new));
        first = round == 0 ? other.values(query) : first;
        assertThat(other.values(query)).as("seed %s", seed).isEqualTo(first);
      }
      Collections.shuffle(bodies, random);
    }
  }
}
