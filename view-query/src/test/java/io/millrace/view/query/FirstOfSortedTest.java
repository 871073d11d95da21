package io.millrace.view.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A limit behind {@code $sort}: the answer is that of sorting everything and cutting. */
final class FirstOfSortedTest {
  private static final int DOCUMENTS = 300;
  private static final int MOST = 20;

  private final long seed = Seeds.seed();
  private final Random random = new Random(seed);
  private final QueryFixture whole = new QueryFixture(QueryFixture.indexes("x"));

  /** Holds fewer rows than there are documents. */
  private final QueryFixture bounded =
      new QueryFixture(QueryFixture.indexes("x"), Map.of("gathered-rows", "" + MOST));

  @BeforeEach
  void fill() {
    for (int i = 0; i < DOCUMENTS; i++) {
      String body =
          "{\"a\":" + random.nextInt(4) + (random.nextInt(5) > 0 ? ",\"b\":" + value() : "") + "}";
      whole.apply(QueryFixture.put("d" + i, body));
      bounded.apply(QueryFixture.put("d" + i, body));
    }
  }

  @AfterEach
  void close() {
    whole.close();
    bounded.close();
  }

  private String value() {
    return List.of("1", "1.0", "10e-1", "2", "null", "\"a\"", "[1]").get(random.nextInt(7));
  }

  private String sort() {
    List<String> keys = new ArrayList<>();
    for (String path : List.of("a", "b", "id")) {
      if (random.nextInt(3) > 0) {
        keys.add("{\"path\":\"" + path + "\",\"descending\":" + random.nextBoolean() + "}");
      }
    }
    return keys.isEmpty() ? sort() : "{\"$sort\":[" + String.join(",", keys) + "]}";
  }

  @Test
  void limitGivesTheFirstOfWhatIsSorted() {
    List<String> before = List.of("", "{\"$filter\":{\"a\":{\"$gt\":0}}},", "{\"$map\":[\"a\"]},");
    List<String> behind =
        List.of(
            "", ",{\"$map\":{\"a\":true,\"b\":true,\"id\":true}}", ",{\"$map\":{\"c\":\"none\"}}");
    for (int i = 0; i < 300; i++) {
      String first = before.get(random.nextInt(3));
      // Of numbers a rule for members makes objects too, but not of whatever a path leads to.
      String query = "[" + first + sort() + (first.contains("$map") ? "" : behind.get(i % 3)) + "]";
      int limit = 1 + random.nextInt(MOST);
      List<String> sorted = whole.values(query);
      Map<String, String> cut = Map.of("query", query, "limit", "" + limit);
      List<String> expected = sorted.subList(0, Math.min(limit, sorted.size()));
      assertThat(bounded.values(cut)).as("seed %s: %s", seed, cut).isEqualTo(expected);
      assertThat(whole.ids(cut))
          .as("seed %s: %s", seed, cut)
          .isEqualTo(whole.ids(query).subList(0, expected.size()));
    }
  }

  @Test
  void pagesHoldWhatCameBeforeThem() {
    String query = "[" + sort() + "]";
    var rows = whole.rows(Map.of("query", query, "limit", "8"));
    Map<String, String> next =
        Map.of("query", query, "limit", "8", "after", QueryFixture.after(rows.get(7)));
    assertThat(bounded.ids(next))
        .as("seed %s: %s", seed, query)
        .isEqualTo(whole.ids(query).subList(8, 16));
  }

  @Test
  void whereLaterStagesMayDropSomeAllAreSorted() {
    String last = "{\"$sort\":[\"a\"]},";
    for (String stage :
        List.of(
            "{\"$filter\":{\"a\":3}}",
            "{\"$map\":\"b\"}",
            "{\"$sort\":[\"id\"]},{\"$map\":\"b\"}",
            "{\"$reduce\":{\"$count\":true}}")) {
      String query = "[" + last + stage + "]";
      Map<String, String> cut = Map.of("query", query, "limit", "5");
      List<String> all = whole.values(query);
      assertThat(whole.values(cut))
          .as("seed %s: %s", seed, query)
          .isEqualTo(all.subList(0, Math.min(5, all.size())));
      assertThatThrownBy(() -> bounded.values(cut))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("$sort holds more than " + MOST + " rows");
    }
  }
}
