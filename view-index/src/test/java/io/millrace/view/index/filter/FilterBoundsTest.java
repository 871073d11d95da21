package io.millrace.view.index.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.view.index.JsonModel;
import io.millrace.view.index.Seeds;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What filters say about values at paths, against the values of what they match. */
final class FilterBoundsTest {
  private final long seed = Seeds.seed();
  private final Random random = new Random(seed);

  private static Bounds bounds(String rule, String path) {
    return Filter.parse(JsonModel.read(rule), "where")
        .boundsAt(ValuePath.parse(JsonModel.read(path), "path"));
  }

  private static boolean requires(String rule, String path) {
    return Filter.parse(JsonModel.read(rule), "where")
        .requires(ValuePath.parse(JsonModel.read(path), "path"));
  }

  @Test
  void whatMatchesLiesWithinTheBounds() {
    String[] paths = {"\"a\"", "\"b.a\"", "[\"a\",0]", "[\"a\",\"b\"]"};
    int matched = 0;
    for (int i = 0; i < 100_000; i++) {
      String rule = "{\"a\":" + rule(2) + (random.nextBoolean() ? "}" : ",\"b\":" + rule(2) + "}");
      String document = "{\"a\":" + JsonModel.random(random, 2) + ",\"b\":" + value() + "}";
      Filter filter = Filter.parse(JsonModel.read(rule), "where");
      JsonNode value = JsonModel.read(document);
      if (!filter.matches(value)) {
        continue;
      }
      matched++;
      for (String text : paths) {
        ValuePath path = ValuePath.parse(JsonModel.read(text), "path");
        JsonNode there = path.in(value);
        String about = "seed " + seed + ": " + rule + ", " + document + " at " + text;
        if (!there.isMissingNode()) {
          assertThat(contains(filter.boundsAt(path), there)).as(about).isTrue();
        } else {
          assertThat(filter.requires(path)).as(about).isFalse();
        }
      }
    }
    assertThat(matched).isGreaterThan(1_000);
  }

  private static boolean contains(Bounds bounds, JsonNode value) {
    if (bounds instanceof Bounds.Exact exact) {
      return JsonOrder.INSTANCE.compare(exact.value(), value) == 0;
    }
    return !(bounds instanceof Bounds.Range range)
        || !isAbove(range.from(), value) && !isAbove(value, range.to());
  }

  private static boolean isAbove(@Nullable JsonNode left, @Nullable JsonNode right) {
    return left != null && right != null && JsonOrder.INSTANCE.compare(left, right) > 0;
  }

  private String value() {
    return random.nextBoolean()
        ? "{\"a\":" + JsonModel.random(random, 2) + "}"
        : JsonModel.random(random, 2);
  }

  private String rule(int depth) {
    String value = JsonModel.random(random, 2);
    return switch (random.nextInt(depth > 0 ? 16 : 12)) {
      case 0 -> "{\"$lt\":" + value + "}";
      case 1 -> "{\"$gte\":" + value + "}";
      case 2 -> "{\"$gt\":" + value + ",\"$lte\":" + JsonModel.random(random, 2) + "}";
      case 3 -> "{\"$eq\":" + value + "}";
      case 4 -> "{\"$ne\":" + value + "}";
      case 5 -> "{\"$prefix\":\"" + "aéb😀z".substring(0, random.nextInt(3)) + "\"}";
      case 6 -> "{\"$prefix\":[" + (random.nextBoolean() ? value : "") + "]}";
      case 7 -> "{\"$is\":\"" + JsonType.values()[random.nextInt(7)] + "\"}";
      case 8 -> "{\"$in\":[" + value + "," + JsonModel.random(random, 1) + "]}";
      case 9 -> "{\"$truthy\":" + random.nextBoolean() + "}";
      case 10 -> "{\"$int\":" + random.nextBoolean() + "}";
      case 12 -> "{\"$not\":" + rule(depth - 1) + "}";
      case 13, 14 -> "[" + rule(depth - 1) + "," + rule(depth - 1) + "]";
      case 15 -> "{\"" + (random.nextBoolean() ? "a" : "b") + "\":" + rule(depth - 1) + "}";
      default -> random.nextBoolean() ? "{}" : "[" + rule(0) + "]";
    };
  }

  @Test
  void exactValuesAreSeenThroughOperatorsAndMembers() {
    for (String rule : List.of("{\"a\":{\"b\":1}}", "{\"a\":{\"b\":{\"$eq\":1,\"$gt\":0}}}")) {
      assertThat(bounds(rule, "\"a.b\"")).isEqualTo(new Bounds.Exact(JsonModel.read("1")));
      assertThat(bounds(rule, "\"a\"")).isEqualTo(Bounds.NOTHING);
      assertThat(bounds(rule, "\"a.c\"")).isEqualTo(Bounds.NOTHING);
    }
    assertThat(bounds("{\"a\":[\"x\",2]}", "[\"a\",1]"))
        .isEqualTo(new Bounds.Exact(JsonModel.read("2")));
  }

  @Test
  void rangesAreCutTogetherAndEndWithTheirKind() {
    assertThat(bounds("{\"a\":{\"$gt\":1,\"$gte\":2,\"$lt\":9}}", "\"a\""))
        .isEqualTo(new Bounds.Range(JsonModel.read("2"), JsonModel.read("9")));
    assertThat(bounds("{\"a\":{\"$gt\":1}}", "\"a\""))
        .isEqualTo(new Bounds.Range(JsonModel.read("1"), JsonModel.read("\"\"")));
    assertThat(bounds("{\"a\":{\"$prefix\":\"ab\"}}", "\"a\""))
        .isEqualTo(new Bounds.Range(JsonModel.read("\"ab\""), JsonModel.read("\"ac\"")));
    assertThat(bounds("{\"a\":{\"$prefix\":[1,\"x\"]}}", "\"a\""))
        .isEqualTo(
            new Bounds.Range(JsonModel.read("[1,\"x\"]"), JsonModel.read("[1,\"x\\u0000\"]")));
  }

  @Test
  void nothingIsSaidByRulesThatNoRangeHolds() {
    for (String rule : List.of("{\"$ne\":1}", "{\"$in\":[1]}", "{\"$not\":1}", "{}")) {
      assertThat(bounds("{\"a\":" + rule + "}", "\"a\"")).as(rule).isEqualTo(Bounds.NOTHING);
    }
  }

  @Test
  void requiredIsWhatMustBeThere() {
    assertThat(requires("{\"a\":1}", "\"a\"")).isTrue();
    assertThat(requires("{\"a\":{\"$in\":[1]}}", "\"a\"")).isTrue();
    assertThat(requires("{\"a\":{\"b\":{\"$ne\":1}}}", "\"a\"")).isTrue();
    assertThat(requires("{\"a\":{\"b\":{\"$ne\":1}}}", "\"a.b\"")).isFalse();
    assertThat(requires("{\"a\":{\"$not\":{\"$is\":\"undefined\"}}}", "\"a\"")).isTrue();
    assertThat(requires("{\"a\":{\"$is\":\"undefined\"}}", "\"a\"")).isFalse();
    assertThat(requires("{\"a\":[1]}", "[\"a\",-1]")).isFalse();
  }
}
