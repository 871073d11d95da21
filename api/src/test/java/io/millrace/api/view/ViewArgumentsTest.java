package io.millrace.api.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.api.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ViewArgumentsTest {
  private static final ViewArguments TEXTS =
      ViewArguments.ofTexts(
          Map.of("term", "\"a\"", "bare", "a", "n", "5", "less", "-1", "yes", "true", "none", ""));
  private static final ViewArguments VALUES =
      ViewArguments.ofValues(Map.of("term", TextNode.valueOf("a"), "n", IntNode.valueOf(5)));

  @Test
  void textsAndValuesReadAlike() {
    for (ViewArguments arguments : new ViewArguments[] {TEXTS, VALUES}) {
      assertThat(arguments.json("term")).isEqualTo(TextNode.valueOf("a"));
      assertThat(arguments.json("n")).isEqualTo(IntNode.valueOf(5));
      assertThat(arguments.count("n", 1)).isEqualTo(5);
      assertThat(arguments.has("term")).isTrue();
      assertThat(arguments.has("other")).isFalse();
      assertThat(arguments.json("other")).isNull();
      assertThat(arguments.text("other")).isNull();
      assertThat(arguments.count("other", 7)).isEqualTo(7);
      assertThat(arguments.flag("other")).isFalse();
    }
    assertThat(TEXTS.text("bare")).isEqualTo("a");
    assertThat(VALUES.text("term")).isEqualTo("a");
    assertThat(TEXTS.flag("yes")).isTrue();
  }

  @Test
  void stringsAreReadAsTheParserReadsThem() throws JsonProcessingException {
    for (String text :
        List.of(
            "\"\"",
            "\"a\"",
            "\"a b/c\u007f\"",
            "\"a\\\"b\"",
            "\"\\u0041\"",
            "\"é😀\"",
            " \"a\" ",
            "\"" + "x".repeat(5_000) + "\"")) {
      assertThat(ViewArguments.ofTexts(Map.of("a", text)).json("a"))
          .as(text)
          .isEqualTo(new JsonMapper().readTree(text));
    }
    for (String text : List.of("\"", "\"a", "a\"", "\"a\"b\"", "\"a\\\"", "\"\t\"", "\"a\"\"")) {
      assertThatThrownBy(() -> ViewArguments.ofTexts(Map.of("a", text)).json("a"))
          .as(text)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("'a'");
    }
  }

  @Test
  void whatMakesNoSenseIsRefusedByName() {
    assertThatThrownBy(() -> TEXTS.json("bare")).hasMessageContaining("'bare'");
    assertThatThrownBy(() -> TEXTS.json("none")).hasMessageContaining("'none'");
    assertThatThrownBy(() -> TEXTS.count("less", 0)).hasMessageContaining("'less'");
    assertThatThrownBy(() -> TEXTS.count("bare", 0)).hasMessageContaining("'bare'");
    assertThatThrownBy(() -> TEXTS.flag("n")).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> ViewArguments.ofTexts(Map.of("a", "1 2")).json("a"))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void oneMoreReplacesTheOneOfTheSameName() {
    ViewArguments more = VALUES.with("n", "6").with("new", "x");
    assertThat(more.count("n", 0)).isEqualTo(6);
    assertThat(more.names()).containsExactlyInAnyOrder("term", "n", "new");
    assertThat(VALUES.count("n", 0)).isEqualTo(5);
    assertThat(ViewArguments.none().names()).isEmpty();
    assertThat(TEXTS.names()).containsExactlyInAnyOrder("term", "bare", "n", "less", "yes", "none");
  }
}
