package io.millrace.view.index.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.view.index.JsonModel;
import io.millrace.view.index.MemberPath;
import io.millrace.view.index.Seeds;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ValuePathTest {
  private static final List<String> STEPS =
      List.of("\"a\"", "\"b\"", "0", "1", "-1", "\"0\"", "\"a.b\"");
  private static final List<String> NAMES = List.of("a", "b", "0", "1", "-1", "00", "c d");

  @Test
  void leadsWhereTheSamePathOfAnIndexLeads() {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      JsonNode value = JsonModel.read(value(random, 4));
      JsonNode text = JsonModel.read(random.nextBoolean() ? dotted(random) : steps(random));
      List<JsonNode> found = MemberPath.parse(text, "here").find(value);
      JsonNode there = ValuePath.parse(text, "here").in(value);
      assertThat(there.isMissingNode() ? List.of() : List.of(there))
          .as("seed %s: %s in %s", seed, text, value)
          .isEqualTo(found);
    }
  }

  private static String dotted(Random random) {
    StringBuilder path = new StringBuilder("\"").append(pick(NAMES, random));
    for (int more = random.nextInt(3); more > 0; more--) {
      path.append('.').append(pick(NAMES, random));
    }
    return path.append('"').toString();
  }

  private static String steps(Random random) {
    StringBuilder path = new StringBuilder("[").append(pick(STEPS, random));
    for (int more = random.nextInt(3); more > 0; more--) {
      path.append(',').append(pick(STEPS, random));
    }
    return path.append(']').toString();
  }

  private static String value(Random random, int depth) {
    if (depth == 0 || random.nextInt(6) == 0) {
      return random.nextBoolean() ? "null" : "7";
    }
    String first = value(random, depth - 1);
    String second = value(random, depth - 1);
    return random.nextBoolean()
        ? "[" + first + "," + second + "]"
        : "{\"a\":"
            + first
            + ",\""
            + pick(List.of("b", "0", "-1", "a.b"), random)
            + "\":"
            + second
            + "}";
  }

  private static String pick(List<String> texts, Random random) {
    return texts.get(random.nextInt(texts.size()));
  }

  @Test
  void pathsThatAreNoneAreRefusedWithTheirPlace() {
    refused("[]", "here: a path has at least one step");
    refused("\"\"", "here: a path is names joined by dots");
    refused("\"a..b\"", "here: a path is names joined by dots");
    refused("\"a.*\"", "here: the step \"*\" names many values");
    refused("[\"a\",\"*\"]", "here[1]: the step \"*\" names many values");
    refused("[\"a\",1.5]", "here[1]: a step of a path is");
    refused("{}", "here: a step of a path is");
    refused("null", "here: a step of a path is");
    refused("\"" + "a.".repeat(100) + "a\"", "here: a path has at most 100 steps");
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> ValuePath.parse(JsonModel.read(text), "here"))
        .as(text)
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageStartingWith(message);
  }
}
