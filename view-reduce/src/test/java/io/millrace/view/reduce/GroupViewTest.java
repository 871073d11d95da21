package io.millrace.view.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewInput;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GroupViewTest {
  private final ReduceFixture fixture = new ReduceFixture();

  @AfterAll
  void close() {
    fixture.close();
  }

  @Test
  void everyAggregateIsComputed() {
    ReduceFixture.Built view =
        fixture.view(
            """
            {"group":"shop","aggregates":{"n":"count","priced":{"count":"price"},
              "total":{"sum":"price"},"cheapest":{"min":"price"},"dearest":{"max":"price"},
              "about":{"stats":"price"},"kinds":{"distinct":"kind"},"names":{"collect":"name"}}}
            """);
    view.apply(
        fixture.put("1", "{\"shop\":\"b\",\"price\":2.50,\"kind\":\"x\",\"name\":\"p\"}"),
        fixture.put("2", "{\"shop\":\"a\",\"price\":-3,\"kind\":\"x\",\"name\":\"q\"}"),
        fixture.put("3", "{\"shop\":\"a\",\"price\":0.5,\"kind\":\"y\",\"name\":\"p\"}"),
        fixture.put("4", "{\"shop\":\"a\",\"price\":null,\"kind\":\"y\",\"name\":\"p\"}"),
        fixture.put("5", "{\"price\":1}"));
    assertThat(view.view.input()).isEqualTo(ViewInput.DOCUMENTS);
    assertThat(view.rows())
        .containsExactly(
            "\"a\"={\"n\":3,\"priced\":2,\"total\":-2.5,\"cheapest\":-3,\"dearest\":0.5,"
                + "\"about\":{\"sum\":-2.5,\"count\":2,\"min\":-3,\"max\":0.5,\"sumsqr\":9.25},"
                + "\"kinds\":2,\"names\":{\"count\":3,\"values\":[\"p\",\"p\",\"q\"]}}",
            "\"b\"={\"n\":1,\"priced\":1,\"total\":2.5,\"cheapest\":2.5,\"dearest\":2.5,"
                + "\"about\":{\"sum\":2.5,\"count\":1,\"min\":2.5,\"max\":2.5,\"sumsqr\":6.25},"
                + "\"kinds\":1,\"names\":{\"count\":1,\"values\":[\"p\"]}}");
  }

  @Test
  void groupsAreReadByKeyAndInRanges() {
    ReduceFixture.Built view =
        fixture.view("{\"group\":[\"a\",\"b.c\"],\"aggregates\":{\"n\":\"count\"}}");
    for (int i = 0; i < 12; i++) {
      view.apply(fixture.put("d" + i, "{\"a\":" + i % 3 + ",\"b\":{\"c\":" + i % 4 + "}}"));
    }
    view.apply(fixture.put("none", "{\"a\":1}"));
    assertThat(view.rows()).hasSize(12).startsWith("[0,0]={\"n\":1}", "[0,1]={\"n\":1}");
    assertThat(view.rows(Map.of("prefix", "[1]", "reverse", "true", "limit", "2")))
        .containsExactly("[1,3]={\"n\":1}", "[1,2]={\"n\":1}");
    assertThat(view.rows(Map.of("term", "[2,2.0]"))).containsExactly("[2,2]={\"n\":1}");
    assertThat(view.rows(Map.of("keys", "[[2,1],[0,0]]"))).hasSize(2);
    assertThat(view.rows(Map.of("start", "[2]", "end", "[2,2]"))).hasSize(2);
    assertThat(view.ask("count")).isEqualTo("12");
    assertThat(view.ask("count", Map.of("prefix", "[1]")).longValue()).isEqualTo(4);
    assertThat(view.ask("get", Map.of("key", "[1,1]"))).hasToString("{\"n\":1}");
    assertThatThrownBy(() -> view.ask("get", Map.of("key", "[7,7]")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> view.ask("get", Map.of()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("'key'");
    assertThatThrownBy(() -> view.rows(Map.of("limit", "-1")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("'limit'");
  }

  @Test
  void aPageGoesOnWhereTheOneBeforeEnded() {
    ReduceFixture.Built view = fixture.view("{\"group\":\"a\",\"aggregates\":{\"n\":\"count\"}}");
    view.apply(fixture.put("1", "{\"a\":1}"), fixture.put("2", "{\"a\":2}"));
    try (var rows = view.source("rows").rows().call(ViewArguments.none(), fixture.store)) {
      assertThat(rows.advance()).isTrue();
      String position = Base64.getUrlEncoder().encodeToString(rows.current().position());
      assertThat(view.rows(Map.of("after", position))).containsExactly("2={\"n\":1}");
    }
  }

  @Test
  void withoutPathsThereIsOneGroup() {
    ReduceFixture.Built view =
        fixture.view("{\"aggregates\":{\"n\":\"count\",\"total\":{\"sum\":\"x\"}}}");
    assertThat(view.rows()).isEmpty();
    assertThat(view.ask("get")).isEqualTo("{\"n\":0,\"total\":0}");
    view.apply(fixture.put("1", "{\"x\":1}"), fixture.put("2", "{}"));
    assertThat(view.ask("get")).isEqualTo("{\"n\":2,\"total\":1}");
    assertThat(view.rows()).containsExactly("null={\"n\":2,\"total\":1}");
  }

  @Test
  void changedAndDeletedDocumentsAreTakenBack() {
    ReduceFixture.Built view =
        fixture.view(
            """
            {"group":"g","aggregates":{"n":"count","low":{"min":"x"},"high":{"max":"x"},
              "kinds":{"distinct":"x"}}}
            """);
    for (int i = 0; i < 5; i++) {
      view.apply(fixture.put("d" + i, "{\"g\":1,\"x\":" + i + "}"));
    }
    view.apply(fixture.put("d0", "{\"g\":2,\"x\":9}"), fixture.delete("d4"));
    assertThat(view.rows())
        .containsExactly(
            "1={\"n\":3,\"low\":1,\"high\":3,\"kinds\":3}",
            "2={\"n\":1,\"low\":9,\"high\":9,\"kinds\":1}");
    view.apply(fixture.put("d1", "{\"g\":1,\"x\":2}"), fixture.put("d3", "{\"g\":1,\"x\":2}"));
    assertThat(view.rows()).contains("1={\"n\":3,\"low\":2,\"high\":2,\"kinds\":1}");
    view.apply(fixture.delete("d0"), fixture.delete("never"));
    assertThat(view.rows()).hasSize(1);
    assertThat(view.ask("count")).isEqualTo("1");
    view.apply(fixture.delete("d1"), fixture.delete("d2"), fixture.delete("d3"));
    assertThat(view.everything()).containsExactly("00=000000");
  }

  @Test
  void onlyDocumentsThatMatchTakePart() {
    ReduceFixture.Built view =
        fixture.view(
            "{\"group\":\"g\",\"where\":{\"x\":{\"$gt\":1}},\"aggregates\":{\"n\":\"count\"}}");
    view.apply(
        fixture.put("1", "{\"g\":\"a\",\"x\":1}"),
        fixture.put("2", "{\"g\":\"a\",\"x\":2}"),
        fixture.put("3", "{\"g\":\"b\"}"));
    assertThat(view.rows()).containsExactly("\"a\"={\"n\":1}");
    view.apply(fixture.put("2", "{\"g\":\"a\",\"x\":0}"));
    assertThat(view.rows()).isEmpty();
  }

  @Test
  void elementsOfArraysContributeApart() {
    ReduceFixture.Built view =
        fixture.view(
            """
            {"group":"lines.*.product","aggregates":{"n":"count",
              "pieces":{"sum":"lines.*.pieces"},"buyers":{"distinct":"buyer"},
              "colors":{"collect":"lines.*.colors.*"}}}
            """);
    view.apply(
        fixture.put(
            "1",
            """
            {"buyer":"x","lines":[{"product":"nut","pieces":3,"colors":["red","blue"]},
              {"product":"bolt","pieces":4},{"product":"nut","pieces":5},{"pieces":6}]}
            """
                .replaceAll("\\s", "")),
        fixture.put("2", "{\"buyer\":\"y\",\"lines\":[{\"product\":\"nut\",\"pieces\":1}]}"),
        fixture.put("3", "{\"buyer\":\"y\",\"lines\":7}"));
    assertThat(view.rows())
        .containsExactly(
            "\"bolt\"={\"n\":1,\"pieces\":4,\"buyers\":1,\"colors\":{\"count\":0,\"values\":[]}}",
            "\"nut\"={\"n\":3,\"pieces\":9,\"buyers\":2,"
                + "\"colors\":{\"count\":2,\"values\":[\"blue\",\"red\"]}}");
  }

  @Test
  void nullStandsForWhatIsMissingWhenAsked() {
    ReduceFixture.Built view =
        fixture.view(
            "{\"group\":[\"g\",\"x.*\"],\"missing\":\"null\",\"aggregates\":{\"n\":\"count\"}}");
    view.apply(
        fixture.put("1", "{\"g\":1,\"x\":[1,2]}"),
        fixture.put("2", "{\"g\":1,\"x\":[]}"),
        fixture.put("3", "{\"x\":[1]}"),
        fixture.put("4", "{\"x\":7}"));
    assertThat(view.rows())
        .containsExactly(
            "[null,null]={\"n\":1}",
            "[null,1]={\"n\":1}",
            "[1,null]={\"n\":1}",
            "[1,1]={\"n\":1}",
            "[1,2]={\"n\":1}");
  }

  @Test
  void wildcardsOutsideTheGroupGiveAllTheirValues() {
    ReduceFixture.Built view =
        fixture.view(
            "{\"group\":\"g\",\"aggregates\":{\"n\":\"count\",\"total\":{\"sum\":\"x.*\"}}}");
    view.apply(fixture.put("1", "{\"g\":1,\"x\":[1,2,null]}"), fixture.put("2", "{\"g\":1}"));
    assertThat(view.rows()).containsExactly("1={\"n\":2,\"total\":3}");
  }

  @Test
  void equalKeysAreOneGroupHoweverTheyAreWritten() {
    ReduceFixture.Built view =
        fixture.view(
            "{\"group\":\"g\",\"aggregates\":{\"n\":\"count\",\"v\":{\"collect\":\"g\"}}}");
    view.apply(
        fixture.put("1", "{\"g\":1.0}"),
        fixture.put("2", "{\"g\":1e0}"),
        fixture.put("3", "{\"g\":{\"b\":1,\"a\":[\"\\u0041\"]}}"),
        fixture.put("4", "{\"g\":{\"a\":[\"A\"],\"b\":1.00}}"),
        fixture.put("5", "{\"g\":-0.0}"),
        fixture.put("6", "{\"g\":1E+30}"),
        fixture.put("7", "{\"g\":\"é\\n\\\"😀\"}"),
        fixture.put("8", "{\"g\":null}"),
        fixture.put("9", "{\"g\":true}"));
    assertThat(view.rows())
        .containsExactly(
            "null={\"n\":1,\"v\":{\"count\":0,\"values\":[]}}",
            "true={\"n\":1,\"v\":{\"count\":1,\"values\":[true]}}",
            "0={\"n\":1,\"v\":{\"count\":1,\"values\":[0]}}",
            "1={\"n\":2,\"v\":{\"count\":2,\"values\":[1,1]}}",
            "1e30={\"n\":1,\"v\":{\"count\":1,\"values\":[1e30]}}",
            "\"é\\n\\\"😀\"={\"n\":1,\"v\":{\"count\":1,\"values\":[\"é\\n\\\"😀\"]}}",
            "{\"a\":[\"A\"],\"b\":1}={\"n\":2,\"v\":{\"count\":2,\"values\":"
                + "[{\"a\":[\"A\"],\"b\":1},{\"a\":[\"A\"],\"b\":1}]}}");
  }

  @Test
  void sumsAreExact() {
    ReduceFixture.Built view =
        fixture.view("{\"aggregates\":{\"total\":{\"sum\":\"x\"},\"all\":{\"stats\":\"x\"}}}");
    view.apply(
        fixture.put("1", "{\"x\":0.1}"),
        fixture.put("2", "{\"x\":0.2}"),
        fixture.put("3", "{\"x\":9223372036854775807}"),
        fixture.put("4", "{\"x\":9223372036854775807}"),
        fixture.put("5", "{\"x\":1e300}"));
    view.apply(fixture.delete("5"));
    assertThat(view.rows())
        .containsExactly(
            "null={\"total\":18446744073709551614.3,\"all\":{\"sum\":18446744073709551614.3,"
                + "\"count\":4,\"min\":0.1,\"max\":9223372036854775807,"
                + "\"sumsqr\":"
                + square()
                + "}}");
  }

  /** Twice the square of the greatest long, and the squares of 0.1 and 0.2. */
  private static String square() {
    var large = new BigDecimal(Long.MAX_VALUE);
    return CanonicalJson.number(
        large.multiply(large).multiply(BigDecimal.valueOf(2)).add(new BigDecimal("0.05")));
  }

  @Test
  void aDocumentThatCannotBeComputedIsAnErrorUntilItCan() {
    ReduceFixture.Built view =
        fixture.view(
            "{\"group\":\"g\",\"aggregates\":{\"n\":\"count\",\"t\":{\"sum\":\"x\"},"
                + "\"k\":{\"distinct\":\"k\"}}}");
    view.apply(
        fixture.put("text", "{\"g\":1,\"x\":\"12\"}"),
        fixture.put("huge", "{\"g\":1,\"x\":1e500}"),
        fixture.put("good", "{\"g\":1,\"x\":12}"),
        fixture.put("long", "{\"g\":\"" + "x".repeat(70_000) + "\"}"),
        fixture.put(
            "both", "{\"g\":\"" + "x".repeat(40_000) + "\",\"k\":\"" + "y".repeat(40_000) + "\"}"));
    assertThat(view.rows()).containsExactly("1={\"n\":1,\"t\":12,\"k\":0}");
    assertThat(view.errors()).hasSize(4);
    assertThat(view.errors())
        .anyMatch(error -> error.startsWith("text: a value at \"x\" is neither"))
        .anyMatch(error -> error.startsWith("huge: a number of more than 400 digits"));
    assertThat(view.view.statistics(fixture.store).errors()).isEqualTo(4);
    view.apply(fixture.put("text", "{\"g\":1,\"x\":1}"), fixture.delete("huge"));
    assertThat(view.errors()).hasSize(2);
    view.apply(fixture.put("good", "{\"g\":1,\"x\":[]}"));
    assertThat(view.rows()).containsExactly("1={\"n\":1,\"t\":1,\"k\":0}");
    assertThat(view.errors()).hasSize(3);
  }

  @Test
  void collectedValuesEndAfterAThousand() {
    ReduceFixture.Built view =
        fixture.view("{\"aggregates\":{\"v\":{\"collect\":\"x\"},\"k\":{\"distinct\":\"x\"}}}");
    for (int i = 0; i < 1_500; i++) {
      view.apply(fixture.put("d" + i, "{\"x\":" + i / 3 + "}"));
    }
    var value = view.ask("get", Map.of());
    assertThat(value.get("v").get("count").intValue()).isEqualTo(1_500);
    assertThat(value.get("v").get("values")).hasSize(1_000);
    assertThat(value.get("v").get("values").get(999).intValue()).isEqualTo(333);
    assertThat(value.get("k").intValue()).isEqualTo(500);
  }

  @Test
  void tooManyCombinationsAreAnError() {
    ReduceFixture.Built view =
        fixture.view("{\"group\":[\"a.*\",\"b.*\",\"c.*.x\"],\"aggregates\":{\"n\":\"count\"}}");
    String array = "[" + "1,".repeat(2_000) + "1]";
    view.apply(fixture.put("d", "{\"a\":" + array + ",\"b\":" + array + ",\"c\":[]}"));
    assertThat(view.rows()).isEmpty();
    assertThat(view.errors()).hasSize(1);
  }
}
