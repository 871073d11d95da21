package io.millrace.view.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.view.ViewArguments;
import io.millrace.spi.Finder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random filters over random documents: whatever index answers, the answer is that of the scan. */
final class RandomFiltersTest {
  private static final List<String> INDEXES =
      List.of("a", "b", "a,b", "b,a", "a,b,c", "a.b", "c,a.b", "c.0,a", "id", "b,id");

  private final long seed = Seeds.seed();
  private final Random random = new Random(seed);
  private int throughIndex;

  @Test
  void anyIndexAnswersAsTheScanDoes() {
    try (QueryFixture fixture =
        new QueryFixture(QueryFixture.indexes(INDEXES.toArray(String[]::new)))) {
      for (int i = 0; i < 300; i++) {
        fixture.apply(QueryFixture.put("d" + random.nextInt(250), document()));
      }
      fixture.apply(QueryFixture.put("long", "{\"a\":\"" + "x".repeat(70_000) + "\",\"b\":1}"));
      for (int i = 0; i < 50; i++) {
        fixture.apply(QueryFixture.delete("d" + random.nextInt(250)));
      }
      for (int i = 0; i < 1_000; i++) {
        compare(fixture, filter());
      }
    }
    assertThat(throughIndex).isGreaterThan(500);
  }

  private void compare(QueryFixture fixture, String filter) {
    String about = "seed " + seed + ": " + filter;
    List<String> scanned = fixture.ids(Map.of("query", filter, "index", "none"));
    assertThat(fixture.ids(filter)).as(about).containsExactlyInAnyOrderElementsOf(scanned);
    JsonNode unfit = fixture.explain(filter).path("unfit");
    for (String index : INDEXES) {
      if (!unfit.has(index)) {
        throughIndex++;
        assertThat(fixture.ids(Map.of("query", filter, "index", index)))
            .as("%s by %s", about, index)
            .containsExactlyInAnyOrderElementsOf(scanned);
        String sorted = "[{\"$filter\":" + filter + "}," + sort(index) + "]";
        assertThat(fixture.ids(Map.of("query", sorted, "index", index)))
            .as("seed %s: %s by %s", seed, sorted, index)
            .isEqualTo(fixture.ids(Map.of("query", sorted, "index", "none")));
      }
    }
    Finder finder = Objects.requireNonNull(fixture.factory.finder());
    ViewArguments question = ViewArguments.ofTexts(Map.of("query", filter));
    if (!scanned.contains("long")) {
      assertThat(
              QueryFixture.rows(
                  finder.find(question, fixture.candidates(), fixture.documents, fixture.store)))
          .as(about)
          .extracting(row -> row.documentId())
          .containsExactlyInAnyOrderElementsOf(scanned);
    }
  }

  private String sort(String index) {
    boolean descending = random.nextBoolean();
    List<String> keys = new ArrayList<>();
    for (String path : index.split(",")) {
      keys.add("{\"path\":\"" + path + "\",\"descending\":" + descending + "}");
    }
    return "{\"$sort\":[" + String.join(",", keys) + "]}";
  }

  private String document() {
    List<String> members = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      if (random.nextInt(7) > 0) {
        members.add("\"" + name + "\":" + value(2));
      }
    }
    return "{" + String.join(",", members) + "}";
  }

  private String value(int depth) {
    return switch (random.nextInt(depth > 0 ? 12 : 8)) {
      case 0 -> "null";
      case 1 -> Boolean.toString(random.nextBoolean());
      case 2, 3, 4 -> number();
      case 5, 6, 7 -> text();
      case 8, 9 -> array(depth);
      default -> "{\"b\":" + value(depth - 1) + "}";
    };
  }

  private String array(int depth) {
    List<String> elements = new ArrayList<>();
    for (int more = random.nextInt(4); more > 0; more--) {
      elements.add(value(depth - 1));
    }
    return "[" + String.join(",", elements) + "]";
  }

  private String number() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(3) + ".0";
      case 1 -> random.nextInt(3) - 1 + ".5e" + (random.nextInt(3) - 1);
      case 2 -> Long.toString(Long.MAX_VALUE - random.nextInt(2));
      default -> Integer.toString(random.nextInt(4) - 1);
    };
  }

  private String text() {
    return List.of("\"\"", "\"a\"", "\"ab\"", "\"aé\"", "\"a😀\"", "\"b\"", "\"\\u0000\"")
        .get(random.nextInt(7));
  }

  private String filter() {
    List<String> members = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      if (random.nextInt(3) > 0) {
        members.add("\"" + name + "\":" + rule(2));
      }
    }
    if (random.nextInt(8) == 0) {
      members.add("\"id\":{\"$prefix\":\"d1\"}");
    }
    return "{" + String.join(",", members) + "}";
  }

  private String rule(int depth) {
    return switch (random.nextInt(depth > 0 ? 20 : 15)) {
      case 0, 1, 2 -> scalar();
      case 3 -> "{\"$eq\":" + value(2) + "}";
      case 4 -> "{\"$ne\":" + value(1) + "}";
      case 5 -> "{\"$gt\":" + value(1) + "}";
      case 6 -> "{\"$lte\":" + value(1) + "}";
      case 7 -> "{\"$gte\":" + number() + ",\"$lt\":" + number() + "}";
      case 8 -> "{\"$prefix\":" + text() + "}";
      case 9 -> "{\"$prefix\":" + array(1) + "}";
      case 10 -> "{\"$in\":[" + value(1) + "," + value(1) + "," + number() + "]}";
      case 11, 12 -> "{\"$is\":\"" + kind() + "\"}";
      case 13 -> "{\"$int\":" + random.nextBoolean() + "}";
      case 14 -> random.nextBoolean() ? "{\"$truthy\":true}" : "{\"$mod\":[2,1]}";
      case 15, 16 -> "{\"b\":" + rule(depth - 1) + "}";
      case 17, 18 -> "[" + rule(depth - 1) + "]";
      default -> "{\"$not\":" + rule(depth - 1) + "}";
    };
  }

  private String scalar() {
    return random.nextBoolean() ? number() : text();
  }

  private String kind() {
    return List.of("number", "string", "boolean", "object", "array", "null", "undefined")
        .get(random.nextInt(7));
  }
}
