package io.millrace.view.index.path;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.document.Change;
import io.millrace.api.view.PathIndex;
import io.millrace.view.index.JsonCollation;
import io.millrace.view.index.JsonModel;
import io.millrace.view.index.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Indexes of random documents against a sorted list. */
final class IndexViewPropertyTest {
  private static final List<String> DEFINITIONS =
      List.of(
          "{\"key\":\"a\"}",
          "{\"key\":[\"a\"]}",
          "{\"key\":[\"a\",\"b\"]}",
          "{\"key\":[\"b\",\"a\",\"id\"],\"value\":\"c\"}",
          "{\"key\":[\"a\",\"b\",\"c\"]}");

  private final long seed = Seeds.seed();
  private final Random random = new Random(seed);

  /** A row of the model. */
  private record Expected(String id, String key, String value) {
    @Override
    public String toString() {
      return id + " " + key + "=" + value;
    }
  }

  /** Documents of a few members with random values, often equal ones. */
  private Map<String, String> documents(int count, List<String> pool) {
    Map<String, String> documents = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      List<String> members = new ArrayList<>();
      for (String name : List.of("a", "b", "c")) {
        if (random.nextInt(8) > 0) {
          members.add('"' + name + "\":" + pool.get(random.nextInt(pool.size())));
        }
      }
      documents.put("d" + random.nextInt(10 * count), "{" + String.join(",", members) + "}");
    }
    return documents;
  }

  private List<String> pool(int size) {
    List<String> pool = new ArrayList<>();
    while (pool.size() < size) {
      String value = JsonModel.random(random, 2);
      // Half a surrogate, which no document has.
      if (!value.contains("\\ud800")) {
        pool.add(value);
      }
    }
    return pool;
  }

  /** The value's text as it was written in the document, by a scan that knows the shape of it. */
  private static Map<String, String> members(String document) {
    Map<String, String> members = new LinkedHashMap<>();
    JsonNode tree = JsonModel.read(document);
    String rest = document;
    List<String> names = new ArrayList<>();
    tree.fieldNames().forEachRemaining(names::add);
    for (int i = 0; i < names.size(); i++) {
      int start = rest.indexOf('"' + names.get(i) + "\":") + names.get(i).length() + 3;
      rest = rest.substring(start);
      int end = rest.length() - 1;
      if (i + 1 < names.size()) {
        end = end(rest);
      }
      members.put(names.get(i), rest.substring(0, end));
      rest = rest.substring(end);
    }
    return members;
  }

  /** Where the first value of {@code text} ends. */
  private static int end(String text) {
    for (int end = 1; end < text.length(); end++) {
      char next = text.charAt(end);
      if (next == ',' && isJson(text.substring(0, end))) {
        return end;
      }
    }
    throw new AssertionError(text);
  }

  private static boolean isJson(String text) {
    try {
      return JsonModel.read("[" + text + "]").size() == 1;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<Expected> rows(String definition, Map<String, String> documents) {
    JsonNode members = JsonModel.read(definition);
    List<Expected> rows = new ArrayList<>();
    documents.forEach(
        (id, document) -> {
          Map<String, String> values = new LinkedHashMap<>(members(document));
          values.put("id", '"' + id + '"');
          List<String> parts = new ArrayList<>();
          JsonNode key = members.get("key");
          if (key.isArray()) {
            key.forEach(path -> parts.add(String.valueOf(values.get(path.textValue()))));
          } else {
            parts.add(String.valueOf(values.get(key.textValue())));
          }
          boolean whole =
              key.isArray()
                  ? StreamSupport.stream(key.spliterator(), false)
                      .allMatch(path -> values.containsKey(path.textValue()))
                  : values.containsKey(key.textValue());
          if (whole) {
            String text = key.isArray() ? "[" + String.join(",", parts) + "]" : parts.get(0);
            String value = values.getOrDefault(members.path("value").asText(), "null");
            rows.add(new Expected(id, text, value));
          }
        });
    rows.sort(Comparator.comparing(Expected::key, JsonModel::compare).thenComparing(Expected::id));
    return rows;
  }

  private static List<Change> changes(Map<String, String> documents) {
    List<Change> changes = new ArrayList<>();
    documents.forEach((id, body) -> changes.add(IndexViews.put(id, body)));
    return changes;
  }

  @Test
  void rowsStandInTheOrderOfTheModelInEveryRange() {
    for (String definition : DEFINITIONS) {
      try (IndexViews views = new IndexViews()) {
        List<String> pool = pool(25);
        Map<String, String> documents = documents(300, pool);
        IndexViews.Built view = views.view(definition);
        List<Change> changes = changes(documents);
        Collections.shuffle(changes, random);
        view.apply(true, changes);
        List<Expected> all = rows(definition, documents);
        String about = "seed " + seed + ", " + definition;
        assertThat(view.rows()).as(about).isEqualTo(texts(all));
        for (int i = 0; i < 200; i++) {
          String from = bound(definition, pool);
          String to = bound(definition, pool);
          if (JsonModel.compare(from, to) > 0) {
            String swapped = from;
            from = to;
            to = swapped;
          }
          String start = from;
          String end = to;
          List<Expected> within =
              all.stream()
                  .filter(row -> JsonModel.compare(row.key(), start) >= 0)
                  .filter(row -> JsonModel.compare(row.key(), end) < 0)
                  .toList();
          boolean reverse = random.nextBoolean();
          assertThat(
                  view.rows(
                      Map.of("start", start, "end", end, "reverse", Boolean.toString(reverse))))
              .as("%s: %s to %s", about, start, end)
              .isEqualTo(texts(reverse ? reversed(within) : within));
          assertThat(view.rows(Map.of("term", start)))
              .as("%s: %s", about, start)
              .isEqualTo(
                  texts(
                      all.stream()
                          .filter(row -> JsonModel.compare(row.key(), start) == 0)
                          .toList()));
        }
      }
    }
  }

  private String bound(String definition, List<String> pool) {
    int paths = Math.max(0, JsonModel.read(definition).get("key").size());
    if (paths == 0) {
      return pool.get(random.nextInt(pool.size()));
    }
    List<String> parts = new ArrayList<>();
    for (int i = random.nextInt(paths + 1); i > 0; i--) {
      parts.add(pool.get(random.nextInt(pool.size())));
    }
    return "[" + String.join(",", parts) + "]";
  }

  @Test
  void rangesOverPathsHaveTheRowsOfTheModel() {
    for (String definition : DEFINITIONS) {
      try (IndexViews views = new IndexViews()) {
        List<String> pool = pool(12);
        Map<String, String> documents = documents(300, pool);
        IndexViews.Built view = views.view(definition);
        view.apply(true, changes(documents));
        PathIndex index = view.indexes().get(0);
        List<Expected> all = rows(definition, documents);
        boolean compound = JsonModel.read(definition).get("key").isArray();
        for (int i = 0; i < 300; i++) {
          List<String> equal = new ArrayList<>();
          for (int j = random.nextInt(index.paths().size() + 1); j > 0; j--) {
            equal.add(pool.get(random.nextInt(pool.size())));
          }
          boolean bounded = equal.size() < index.paths().size();
          String from = bounded && random.nextBoolean() ? pool.get(random.nextInt(12)) : null;
          String to = bounded && random.nextBoolean() ? pool.get(random.nextInt(12)) : null;
          List<Expected> within =
              all.stream().filter(row -> matches(row.key(), compound, equal, from, to)).toList();
          PathIndex.Range range =
              new PathIndex.Range(
                  equal.stream().map(JsonModel::read).toList(),
                  from == null ? null : JsonModel.read(from),
                  to == null ? null : JsonModel.read(to));
          boolean reverse = random.nextBoolean();
          assertThat(IndexViews.texts(index.read(range, reverse, views.store)))
              .as("seed %d, %s: %s", seed, definition, range)
              .isEqualTo(texts(reverse ? reversed(within) : within));
          assertThat(index.count(range, 5, views.store)).isEqualTo(Math.min(5, within.size()));
        }
      }
    }
  }

  private static boolean matches(
      String key,
      boolean compound,
      List<String> equal,
      @Nullable String from,
      @Nullable String to) {
    JsonNode tree = JsonModel.read(compound ? key : "[" + key + "]");
    for (int i = 0; i < equal.size(); i++) {
      if (JsonModel.compare(equal.get(i), tree.get(i).toString()) != 0) {
        return false;
      }
    }
    if (from != null && JsonModel.compare(from, tree.get(equal.size()).toString()) > 0) {
      return false;
    }
    return to == null || JsonModel.compare(to, tree.get(equal.size()).toString()) >= 0;
  }

  private static List<String> texts(List<Expected> rows) {
    return rows.stream().map(Expected::toString).toList();
  }

  private static List<Expected> reversed(List<Expected> rows) {
    List<Expected> reversed = new ArrayList<>(rows);
    Collections.reverse(reversed);
    return reversed;
  }

  @Test
  void encodingOfAnArrayBeginsWithThoseOfItsElements() {
    for (int i = 0; i < 20_000; i++) {
      List<String> values = pool(1 + random.nextInt(3));
      byte[] whole = JsonCollation.encode(JsonModel.utf8("[" + String.join(",", values) + "]"));
      int at = 1;
      for (String value : values) {
        byte[] part = JsonCollation.encode(JsonModel.utf8(value));
        assertThat(Arrays.copyOfRange(whole, at, at + part.length))
            .as("seed %d: %s", seed, values)
            .isEqualTo(part);
        at += part.length;
      }
      assertThat(at).isEqualTo(whole.length - 1);
    }
  }

  @Test
  void anySplitOfTheChangesGivesTheSameKeyspace() {
    List<String> definitions = new ArrayList<>(DEFINITIONS);
    definitions.add("{\"key\":\"a.*\",\"value\":\"b\"}");
    definitions.add("{\"key\":[\"a.*\",\"b.*\"],\"missing\":\"null\"}");
    definitions.add("{\"key\":\"c\",\"where\":{\"a\":{\"$is\":\"array\"}}}");
    for (String definition : definitions) {
      try (IndexViews views = new IndexViews()) {
        List<Change> history = history(pool(15));
        IndexViews.Built oneByOne = views.view(definition);
        IndexViews.Built split = views.view(definition);
        IndexViews.Built onePass = views.view(definition);
        history.forEach(oneByOne::apply);
        applySplit(split, history);
        Map<String, Change> last = new LinkedHashMap<>();
        history.forEach(change -> last.put(change.id(), change));
        onePass.apply(true, List.copyOf(last.values()));
        String about = "seed " + seed + ", " + definition;
        assertThat(split.everything()).as(about).isEqualTo(oneByOne.everything());
        // A view that never had a row has no totals yet.
        assertThat(onePass.rows()).as(about).isEqualTo(oneByOne.rows());
        assertThat(onePass.everything()).as(about).isEqualTo(oneByOne.everything());
      }
    }
  }

  private List<Change> history(List<String> pool) {
    List<Change> history = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String id = "d" + random.nextInt(40);
      if (random.nextInt(6) == 0) {
        history.add(IndexViews.delete(id));
      } else {
        String body = documents(1, pool).values().iterator().next();
        history.add(IndexViews.put(id, body));
      }
    }
    return history;
  }

  /** Applies batches of any size, each document once in each, and opens the view again between. */
  private void applySplit(IndexViews.Built view, List<Change> history) {
    int at = 0;
    while (at < history.size()) {
      Map<String, Change> batch = new LinkedHashMap<>();
      int end = Math.min(history.size(), at + 1 + random.nextInt(60));
      for (; at < end; at++) {
        batch.remove(history.get(at).id());
        batch.put(history.get(at).id(), history.get(at));
      }
      view.apply(false, List.copyOf(batch.values()));
      if (random.nextInt(3) == 0) {
        view.reopen();
      }
    }
  }
}
