package io.millrace.view.index;

import static io.millrace.view.index.IndexFixture.keyed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.Cursor;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RowQueryTest {
  private final IndexFixture fixture = new IndexFixture();

  @BeforeEach
  void fill() {
    fixture.apply(
        true,
        keyed("d1", "1", "0", "\"a\"", "0", "[\"x\",1]", "0"),
        keyed("d2", "1.0", "0", "\"ab\"", "0", "[\"x\"]", "0"),
        keyed("d3", "2", "0", "\"b\"", "0", "[\"y\"]", "0", "null", "0"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private List<String> keys(String... namesAndValues) {
    return fixture.rows(arguments(namesAndValues)).stream()
        .map(row -> row.substring(3, row.length() - 2))
        .toList();
  }

  private static Map<String, String> arguments(String... namesAndValues) {
    Map<String, String> arguments = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      arguments.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return arguments;
  }

  @Test
  void withoutParametersAllRowsAreGiven() {
    assertThat(keys())
        .containsExactly(
            "null", "1", "1.0", "2", "\"a\"", "\"ab\"", "\"b\"", "[\"x\"]", "[\"x\",1]", "[\"y\"]");
  }

  @Test
  void termGivesTheRowsWhoseKeyEqualsIt() {
    assertThat(keys("term", "1e0")).containsExactly("1", "1.0");
    assertThat(keys("term", "\"a\"")).containsExactly("\"a\"");
    assertThat(keys("term", "[\"x\"]")).containsExactly("[\"x\"]");
    assertThat(keys("term", "null")).containsExactly("null");
    assertThat(keys("term", "\"c\"")).isEmpty();
  }

  @Test
  void startIsIncludedAndEndIsExcluded() {
    assertThat(keys("start", "1", "end", "\"b\""))
        .containsExactly("1", "1.0", "2", "\"a\"", "\"ab\"");
    assertThat(keys("start", "\"b\"")).containsExactly("\"b\"", "[\"x\"]", "[\"x\",1]", "[\"y\"]");
    assertThat(keys("end", "2")).containsExactly("null", "1", "1.0");
    assertThat(keys("start", "2", "end", "2")).isEmpty();
  }

  @Test
  void prefixOfAStringOrOfAnArray() {
    assertThat(keys("prefix", "\"a\"")).containsExactly("\"a\"", "\"ab\"");
    assertThat(keys("prefix", "\"\"")).containsExactly("\"a\"", "\"ab\"", "\"b\"");
    assertThat(keys("prefix", "[\"x\"]")).containsExactly("[\"x\"]", "[\"x\",1]");
    assertThat(keys("prefix", "[]")).containsExactly("[\"x\"]", "[\"x\",1]", "[\"y\"]");
  }

  @Test
  void keysGiveEachRowOnceInTheOrderOfTheKeys() {
    assertThat(keys("keys", "[\"b\",1,\"zz\",1.0,[\"x\"]]"))
        .containsExactly("1", "1.0", "\"b\"", "[\"x\"]");
    assertThat(keys("keys", "[\"b\",1]", "reverse", "true")).containsExactly("\"b\"", "1.0", "1");
    assertThat(keys("keys", "[]")).isEmpty();
  }

  @Test
  void reverseAndLimit() {
    assertThat(keys("start", "1", "end", "\"b\"", "reverse", "true", "limit", "3"))
        .containsExactly("\"ab\"", "\"a\"", "2");
    assertThat(keys("limit", "0")).isEmpty();
    assertThat(keys("keys", "[1,2]", "limit", "2")).containsExactly("1", "1.0");
  }

  @Test
  void argumentsMayBeJsonValues() {
    ViewArguments arguments =
        ViewArguments.ofValues(Map.of("term", JsonNodeFactory.instance.numberNode(2)));
    assertThat(fixture.index.count(RowQuery.parse(arguments), fixture.store)).isEqualTo(1);
  }

  @Test
  void countAgreesWithTheRows() {
    for (Map<String, String> arguments :
        List.of(
            arguments(),
            arguments("limit", "3"),
            arguments("term", "1"),
            arguments("keys", "[1,\"b\"]"),
            arguments("prefix", "\"a\""),
            arguments("start", "2"))) {
      RowQuery query = RowQuery.parse(ViewArguments.ofTexts(arguments));
      assertThat(fixture.index.count(query, fixture.store))
          .as("%s", arguments)
          .isEqualTo(fixture.rows(arguments).size());
    }
  }

  @Test
  void pagesThatGoOnAfterTheLastRowGiveEveryRowOnce() {
    for (String[] range :
        List.of(
            new String[] {},
            new String[] {"start", "1", "end", "[\"y\"]"},
            new String[] {"keys", "[1,\"ab\",[\"y\"]]"},
            new String[] {"prefix", "[]"},
            new String[] {"term", "1"})) {
      for (String reverse : List.of("false", "true")) {
        Map<String, String> arguments = arguments(range);
        arguments.put("reverse", reverse);
        assertThat(pages(arguments)).isEqualTo(fixture.rows(arguments));
      }
    }
  }

  private List<String> pages(Map<String, String> arguments) {
    List<String> all = new ArrayList<>();
    Map<String, String> page = new HashMap<>(arguments);
    page.put("limit", "1");
    boolean more = true;
    while (more) {
      more = false;
      try (Cursor<Row> rows =
          fixture.index.read(RowQuery.parse(ViewArguments.ofTexts(page)), fixture.store)) {
        while (rows.advance()) {
          all.add(IndexFixture.text(rows.current()));
          page.put("after", IndexFixture.after(rows.current()));
          more = true;
        }
      }
    }
    return all;
  }

  @Test
  void randomRangesAgreeWithAPlainModel() {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    List<String> values = new ArrayList<>();
    List<DocumentRows> documents = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String value = JsonModel.random(random, 1);
      values.add(value);
      documents.add(keyed("m" + i, value, "0"));
    }
    try (IndexFixture model = new IndexFixture()) {
      model.apply(true, documents);
      for (int i = 0; i < 500; i++) {
        String start = values.get(random.nextInt(values.size()));
        String end = values.get(random.nextInt(values.size()));
        if (JsonModel.compare(start, end) > 0) {
          continue;
        }
        long expected =
            values.stream()
                .filter(v -> JsonModel.compare(start, v) <= 0 && JsonModel.compare(v, end) < 0)
                .count();
        assertThat(model.rows(Map.of("start", start, "end", end)))
            .as("seed %d: %s to %s", seed, start, end)
            .hasSize((int) expected);
        long equal = values.stream().filter(v -> JsonModel.compare(start, v) == 0).count();
        assertThat(model.rows(Map.of("term", start)))
            .as("seed %d: %s", seed, start)
            .hasSize((int) equal);
      }
    }
  }

  @Test
  void whatMakesNoSenseIsRefusedByName() {
    assertRefused("start", "start", "2", "end", "1");
    assertRefused("term", "term", "abc");
    assertRefused("term", "term", "");
    assertRefused("keys", "keys", "1");
    assertRefused("prefix", "prefix", "1");
    assertRefused("limit", "limit", "-1");
    assertRefused("reverse", "reverse", "1");
    assertRefused("after", "after", "%%%");
    assertRefused("prefix", "term", "1", "prefix", "\"a\"");
    assertRefused("start", "keys", "[]", "start", "1");
    assertRefused("term", "term", "\"" + "x".repeat(70_000) + "\"");
    assertRefused("prefix", "prefix", "\"" + "x".repeat(70_000) + "\"");
  }

  private static void assertRefused(String parameter, String... namesAndValues) {
    assertThatThrownBy(() -> RowQuery.parse(ViewArguments.ofTexts(arguments(namesAndValues))))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              assertThat(e.code()).isEqualTo("invalid-parameter");
              assertThat(e).hasMessageContaining("'" + parameter + "'");
            });
  }

  @Test
  void positionsMadeUpByTheCallerAreHarmless() {
    assertThat(keys("after", "")).hasSize(10);
    assertThat(keys("after", "____")).isEmpty();
    assertThat(keys("after", "AAAA", "reverse", "true")).isEmpty();
  }

  @Test
  void aCursorOffItsRowsRefuses() {
    Cursor<Row> rows = fixture.index.read(RowQuery.parse(ViewArguments.none()), fixture.store);
    assertThatThrownBy(rows::current).isInstanceOf(IllegalStateException.class);
    rows.close();
    rows.close();
    assertThat(rows.advance()).isFalse();
  }
}
