package io.millrace.view.reduce;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.document.Change;
import io.millrace.tck.Seed;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.TestInstance;

/** Random documents, compared with aggregates that are computed from all of them at once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GroupModelTest {
  private static final String DEFINITION =
      """
      {"group":["g","lines.*.p"],"where":{"hidden":{"$ne":true}},"aggregates":{"n":"count",
        "sum":{"sum":"lines.*.x"},"min":{"min":"lines.*.x"},"max":{"max":"lines.*.x"},
        "stats":{"stats":"lines.*.x"},"kinds":{"distinct":"k"},"all":{"collect":"k"}}}
      """;

  private final ReduceFixture fixture = new ReduceFixture();

  @AfterAll
  void close() {
    fixture.close();
  }

  /** A document as the model sees it. */
  private record Line(String group, BigDecimal x, int kind) {}

  private static String body(Random random, List<Line> lines) {
    int group = random.nextInt(3);
    int kind = random.nextInt(4);
    boolean hidden = random.nextInt(10) == 0;
    StringBuilder json = new StringBuilder("{\"g\":" + group + (random.nextBoolean() ? ".0" : ""));
    json.append(",\"k\":")
        .append(kind)
        .append(",\"hidden\":")
        .append(hidden)
        .append(",\"lines\":[");
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      int product = random.nextInt(3);
      BigDecimal x = BigDecimal.valueOf(random.nextInt(40) - 20, random.nextInt(3));
      json.append(i > 0 ? "," : "");
      json.append("{\"p\":\"").append(product).append("\",\"x\":").append(x).append("}");
      if (!hidden) {
        lines.add(new Line("[" + group + ",\"" + product + "\"]", x, kind));
      }
    }
    return json.append("]}").toString();
  }

  private static Map<String, String> model(Map<String, List<Line>> documents) {
    Map<String, List<Line>> groups = new TreeMap<>();
    documents.values().stream()
        .flatMap(List::stream)
        .forEach(line -> groups.computeIfAbsent(line.group(), g -> new ArrayList<>()).add(line));
    Map<String, String> rows = new TreeMap<>();
    groups.forEach((group, lines) -> rows.put(group, value(lines)));
    return rows;
  }

  private static String value(List<Line> lines) {
    BigDecimal sum = lines.stream().map(Line::x).reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal squares =
        lines.stream()
            .map(line -> line.x().multiply(line.x()))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal min = lines.stream().map(Line::x).reduce(BigDecimal::min).orElseThrow();
    BigDecimal max = lines.stream().map(Line::x).reduce(BigDecimal::max).orElseThrow();
    List<Integer> kinds = lines.stream().map(Line::kind).sorted().toList();
    return "{\"n\":%d,\"sum\":%s,\"min\":%s,\"max\":%s,"
            .formatted(lines.size(), text(sum), text(min), text(max))
        + "\"stats\":{\"sum\":%s,\"count\":%d,\"min\":%s,\"max\":%s,\"sumsqr\":%s},"
            .formatted(text(sum), lines.size(), text(min), text(max), text(squares))
        + "\"kinds\":%d,\"all\":{\"count\":%d,\"values\":%s}}"
            .formatted(
                new TreeSet<>(kinds).size(), kinds.size(), kinds.toString().replace(" ", ""));
  }

  private static String text(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private static Map<String, String> rows(ReduceFixture.Built view) {
    Map<String, String> rows = new TreeMap<>();
    for (String row : view.rows()) {
      int equals = row.indexOf('=');
      rows.put(row.substring(0, equals), row.substring(equals + 1));
    }
    return rows;
  }

  @RepeatedTest(30)
  void anySplitAndAnyPastGiveWhatTheDocumentsSay() {
    Seed seed = Seed.next();
    Random random = seed.random();
    ReduceFixture.Built view = fixture.view(DEFINITION);
    Map<String, List<Line>> documents = new TreeMap<>();
    Map<String, Change> newest = new TreeMap<>();
    for (int round = 0; round < 30; round++) {
      Map<String, Change> batch = new LinkedHashMap<>();
      int size = 1 + random.nextInt(12);
      for (int i = 0; i < size; i++) {
        String id = "d" + random.nextInt(25);
        List<Line> lines = new ArrayList<>();
        boolean deletes = random.nextInt(4) == 0;
        Change change = deletes ? fixture.delete(id) : fixture.put(id, body(random, lines));
        batch.remove(id);
        batch.put(id, change);
        documents.put(id, lines);
        newest.put(id, change);
      }
      view.apply(false, List.copyOf(batch.values()));
      if (random.nextInt(5) == 0) {
        view.reopen();
      }
      assertThat(rows(view)).as("%s, round %d", seed, round).isEqualTo(model(documents));
    }
    assertThat(view.ask("count")).isEqualTo(Integer.toString(model(documents).size()));
    List<Change> live = newest.values().stream().filter(change -> !change.deleted()).toList();
    ReduceFixture.Built rebuilt = fixture.view(DEFINITION);
    rebuilt.apply(true, live);
    ReduceFixture.Built oneByOne = fixture.view(DEFINITION);
    live.forEach(change -> oneByOne.apply(random.nextBoolean(), List.of(change)));
    assertThat(rebuilt.everything()).as("%s", seed).isEqualTo(view.everything());
    assertThat(oneByOne.everything()).as("%s", seed).isEqualTo(view.everything());
  }

  @RepeatedTest(20)
  void valuesOfAllKindsKeepTheirExtremes() {
    Seed seed = Seed.next();
    Random random = seed.random();
    ReduceFixture.Built view =
        fixture.view(
            "{\"aggregates\":{\"low\":{\"min\":\"x\"},\"high\":{\"max\":\"x\"},"
                + "\"all\":{\"collect\":\"x\"},\"k\":{\"distinct\":\"x\"}}}");
    for (int round = 0; round < 60; round++) {
      List<Change> batch = new ArrayList<>();
      int first = random.nextInt(8);
      for (int i = first; i < first + 1 + random.nextInt(4); i++) {
        batch.add(
            random.nextInt(3) == 0
                ? fixture.delete("d" + i)
                : fixture.put("d" + i, "{\"x\":" + value(random) + "}"));
      }
      view.apply(false, batch);
      JsonNode answer = view.ask("get", Map.of());
      JsonNode all = answer.get("all").get("values");
      JsonNode low = all.isEmpty() ? answer.get("low") : all.get(0);
      JsonNode high = all.isEmpty() ? answer.get("high") : all.get(all.size() - 1);
      assertThat(answer.get("low")).as("%s, round %d", seed, round).isEqualTo(low);
      assertThat(answer.get("high")).as("%s, round %d", seed, round).isEqualTo(high);
      TreeSet<String> distinct = new TreeSet<>();
      all.forEach(value -> distinct.add(value.toString()));
      assertThat(answer.get("k").intValue()).as("%s", seed).isEqualTo(distinct.size());
    }
  }

  private static String value(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> Integer.toString(random.nextInt(7) - 3);
      case 1 -> random.nextInt(3) + ".50";
      case 2 -> "\"" + random.nextInt(3) + "\"";
      case 3 -> random.nextBoolean() ? "true" : "false";
      case 4 -> "[" + random.nextInt(3) + "]";
      default -> "{\"a\":" + random.nextInt(2) + "}";
    };
  }
}
