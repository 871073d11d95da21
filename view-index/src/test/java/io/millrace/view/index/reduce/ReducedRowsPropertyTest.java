package io.millrace.view.index.reduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.range.Cursor;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import io.millrace.view.index.DocumentRows;
import io.millrace.view.index.RowQuery;
import io.millrace.view.index.StoredRow;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random rows and changes, compared with a fold over the plain rows. */
final class ReducedRowsPropertyTest {
  private static final long SEED = Long.getLong("millrace.test.seed", new Random().nextLong());

  private final Random random = new Random(SEED);

  private String randomKey() {
    return switch (random.nextInt(4)) {
      case 0 -> Integer.toString(random.nextInt(30));
      case 1 -> "\"k" + random.nextInt(2000) + "\"";
      case 2 -> "[\"a" + random.nextInt(4) + "\"," + random.nextInt(400) + "]";
      default -> "[\"a" + random.nextInt(4) + "\",{\"x\":[1]}," + random.nextInt(3) + ",5]";
    };
  }

  private DocumentRows randomDocument(int documents) {
    String id = "d" + random.nextInt(documents);
    int kind = random.nextInt(10);
    if (kind == 0) {
      return DocumentRows.none(id);
    }
    if (kind == 1) {
      return DocumentRows.failed(id, "no");
    }
    String[] keysAndValues = new String[2 * random.nextInt(6)];
    for (int i = 0; i < keysAndValues.length; i += 2) {
      keysAndValues[i] = randomKey();
      keysAndValues[i + 1] = Integer.toString(random.nextInt(1000));
    }
    return ReduceFixture.keyed(id, keysAndValues);
  }

  private Map<String, String> randomArguments() {
    Map<String, String> arguments = new HashMap<>();
    switch (random.nextInt(6)) {
      case 0 -> arguments.put("term", randomKey());
      case 1 -> arguments.put("prefix", random.nextBoolean() ? "[\"a1\"]" : "\"k1\"");
      case 2 -> arguments.put("keys", "[" + randomKey() + "," + randomKey() + ",3,\"k7\"]");
      case 3 -> arguments.put("start", randomKey());
      case 4 -> arguments.put("end", randomKey());
      default -> {}
    }
    switch (random.nextInt(4)) {
      case 0 -> arguments.put("group", "true");
      case 1 -> arguments.put("level", Integer.toString(1 + random.nextInt(3)));
      default -> {}
    }
    if (random.nextInt(3) == 0) {
      arguments.put("reverse", "true");
    }
    return arguments;
  }

  /** What the arguments ask for, from the plain rows. */
  private static List<String> folded(ReduceFixture fixture, Map<String, String> arguments) {
    Map<String, String> plain = new HashMap<>(arguments);
    plain.keySet().removeAll(List.of("group", "level", "reverse"));
    long level =
        arguments.containsKey("group")
            ? Long.MAX_VALUE
            : Long.parseLong(arguments.getOrDefault("level", "0"));
    Map<String, Reduction> groups = new LinkedHashMap<>();
    Map<String, String> keys = new HashMap<>();
    if (level == 0) {
      groups.put("", fixture.reducer.begin());
      keys.put("", "null");
    }
    RowQuery query = RowQuery.parse(ViewArguments.ofTexts(plain));
    for (var range : query.ranges()) {
      try (var cursor = fixture.store.range(fixture.keyspace, range)) {
        while (cursor.advance()) {
          StoredRow row = StoredRow.of(cursor.key(), cursor.value());
          String key = level == 0 ? "" : cut(ReduceFixture.text(row.keyJson()), level);
          keys.putIfAbsent(key, key);
          groups.computeIfAbsent(key, k -> fixture.reducer.begin()).add(row);
        }
      }
    }
    List<String> rows = new ArrayList<>();
    groups.forEach(
        (key, reduction) -> rows.add(keys.get(key) + "=" + ReduceFixture.text(reduction.answer())));
    if (arguments.containsKey("reverse")) {
      Collections.reverse(rows);
    }
    return rows;
  }

  /** Knows the keys of {@link #randomKey} alone. */
  private static String cut(String key, long level) {
    if (!key.startsWith("[") || level > 4) {
      return key;
    }
    String[] elements = key.substring(1, key.length() - 1).split(",(?![^\\[]*])");
    List<String> kept = List.of(elements).subList(0, (int) Math.min(level, elements.length));
    return "[" + String.join(",", kept) + "]";
  }

  @Test
  void rangesAndGroupsEqualAFoldOverTheRowsSettledOrNot() {
    for (int round = 0; round < 6; round++) {
      try (ReduceFixture fixture = new ReduceFixture(new TraceReducer())) {
        for (int step = 0; step < 40; step++) {
          applyRandom(fixture, step == 0 ? 1500 : random.nextInt(60), step == 0);
          if (random.nextInt(3) == 0) {
            fixture.settleOnce();
          }
          for (int question = 0; question < 6; question++) {
            Map<String, String> arguments = randomArguments();
            assertThat(fixture.read(arguments))
                .as("seed %d, %s", SEED, arguments)
                .isEqualTo(folded(fixture, arguments));
          }
        }
      }
    }
  }

  private void applyRandom(ReduceFixture fixture, int size, boolean fresh) {
    Map<String, DocumentRows> batch = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      DocumentRows document = randomDocument(1500);
      batch.put(document.documentId(), document);
    }
    fixture.apply(fresh, List.copyOf(batch.values()));
  }

  @Test
  void anyHistoryGivesTheSameKeyspaceOnceSettled() {
    for (int round = 0; round < 8; round++) {
      List<DocumentRows> history = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        history.add(randomDocument(round % 2 == 0 ? 1200 : 5));
      }
      Map<String, DocumentRows> last = new TreeMap<>();
      history.forEach(document -> last.put(document.documentId(), document));
      Reducer reducer = Objects.requireNonNull(Reducers.find("stats"));
      try (ReduceFixture once = new ReduceFixture(reducer);
          ReduceFixture split = new ReduceFixture(reducer);
          ReduceFixture late = new ReduceFixture(reducer)) {
        once.apply(true, List.copyOf(last.values()));
        once.settle();
        replay(split, history, true);
        replay(late, history, false);
        assertThat(split.everything()).as("seed %d", SEED).isEqualTo(once.everything());
        assertThat(late.everything()).as("seed %d", SEED).isEqualTo(once.everything());
      }
    }
  }

  private void replay(ReduceFixture fixture, List<DocumentRows> history, boolean settling) {
    Map<String, DocumentRows> batch = new TreeMap<>();
    for (DocumentRows document : history) {
      if (batch.containsKey(document.documentId()) || random.nextInt(30) == 0) {
        fixture.apply(false, List.copyOf(batch.values()));
        batch.clear();
        if (settling && random.nextInt(3) == 0) {
          fixture.settleOnce();
        }
        if (random.nextInt(10) == 0) {
          fixture.reopen();
        }
      }
      batch.put(document.documentId(), document);
    }
    fixture.apply(false, List.copyOf(batch.values()));
    fixture.settle();
  }

  @Test
  void removingEverythingLeavesNoPartialReductions() {
    Reducer reducer = Objects.requireNonNull(Reducers.find("count"));
    try (ReduceFixture fixture = new ReduceFixture(reducer)) {
      applyRandom(fixture, 2000, true);
      fixture.settle();
      List<DocumentRows> none = new ArrayList<>();
      for (int i = 0; i < 1500; i++) {
        none.add(DocumentRows.none("d" + i));
      }
      fixture.apply(false, none);
      fixture.settle();
      assertThat(fixture.everything())
          .as("seed %d", SEED)
          .filteredOn(entry -> entry.startsWith("10"))
          .containsExactly("1000=01");
      assertThat(fixture.read(Map.of())).containsExactly("null=0");
    }
  }

  @Test
  void pagesOfGroupsFitTogetherInEitherDirection() {
    try (ReduceFixture fixture = new ReduceFixture(new TraceReducer())) {
      applyRandom(fixture, 1500, true);
      fixture.settle();
      for (String direction : List.of("false", "true")) {
        for (String level : List.of("1", "2", "3")) {
          Map<String, String> arguments = Map.of("level", level, "reverse", direction);
          assertThat(paged(fixture, arguments))
              .as("seed %d, %s", SEED, arguments)
              .isEqualTo(fixture.read(arguments));
        }
      }
    }
  }

  private List<String> paged(ReduceFixture fixture, Map<String, String> arguments) {
    List<String> all = new ArrayList<>();
    Map<String, String> page = new HashMap<>(arguments);
    boolean more = true;
    while (more) {
      more = false;
      page.put("limit", Integer.toString(1 + random.nextInt(20)));
      try (Cursor<Row> cursor = fixture.cursor(page, fixture.store)) {
        while (cursor.advance()) {
          Row row = cursor.current();
          all.add(ReduceFixture.text(row.key()) + "=" + ReduceFixture.text(row.value()));
          page.put("after", Base64.getUrlEncoder().encodeToString(row.position()));
          more = true;
        }
      }
    }
    return all;
  }
}
