package io.millrace.view.index;

import static io.millrace.view.index.IndexFixture.keyed;
import static io.millrace.view.index.IndexFixture.valued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewStatistics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RowIndexTest {
  private final IndexFixture fixture = new IndexFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void rowsStandInTheOrderOfKeyThenDocumentThenEmission() {
    fixture.apply(
        true,
        keyed("b", "1", "\"b1\"", "2", "\"b2\"", "1", "\"b3\""),
        keyed("a", "2", "\"a1\"", "1.0", "\"a2\""),
        keyed("aa", "1e0", "\"aa\""));
    assertThat(fixture.rows())
        .containsExactly(
            "a 1.0=\"a2\"",
            "aa 1e0=\"aa\"",
            "b 1=\"b1\"",
            "b 1=\"b3\"",
            "a 2=\"a1\"",
            "b 2=\"b2\"");
  }

  @Test
  void manyRowsOfOneDocumentUnderOneKeyKeepTheirOrder() {
    List<String> keysAndValues = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      Collections.addAll(keysAndValues, "\"k\"", Integer.toString(i));
      expected.add("d \"k\"=" + i);
    }
    fixture.apply(true, keyed("d", keysAndValues.toArray(new String[0])));
    assertThat(fixture.rows()).isEqualTo(expected);
    fixture.apply(false, DocumentRows.none("d"));
    assertThat(fixture.rows()).isEmpty();
  }

  @Test
  void valuedRowsAreOrderedByValueAndKeyedByDocument() {
    fixture.apply(true, valued("x\"1", "3"), valued("y", "\"a\""), valued("z", "-1"));
    assertThat(fixture.rows()).containsExactly("\"z\"=-1", "\"x\\\"1\"=3", "\"y\"=\"a\"");
  }

  @Test
  void anUpdateReplacesTheRowsOfItsDocumentOnly() {
    fixture.apply(true, keyed("a", "1", "1", "2", "2"), keyed("b", "1", "1"));
    fixture.apply(false, keyed("a", "2", "20", "3", "3"));
    assertThat(fixture.rows()).containsExactly("b 1=1", "a 2=20", "a 3=3");
    assertThat(fixture.index.statistics(fixture.store).rows()).isEqualTo(3);
  }

  @Test
  void anUpdateUnderTheSameKeysReplacesTheValues() {
    fixture.apply(true, keyed("a", "1", "1", "2", "2"));
    fixture.apply(false, keyed("a", "1.0", "\"longer\"", "2", "2"));
    assertThat(fixture.rows()).containsExactly("a 1.0=\"longer\"", "a 2=2");
    fixture.apply(false, DocumentRows.none("a"));
    assertThat(fixture.index.statistics(fixture.store)).isEqualTo(new ViewStatistics(0, 0, 0));
  }

  @Test
  void aDocumentThatFailsLosesItsRowsUntilItSucceeds() {
    fixture.apply(true, keyed("a", "1", "1"), DocumentRows.failed("b", "first"));
    fixture.apply(false, DocumentRows.failed("a", "no"), DocumentRows.failed("b", "second"));
    assertThat(fixture.rows()).isEmpty();
    assertThat(fixture.errors())
        .containsExactly(new DocumentError("a", "no"), new DocumentError("b", "second"));
    assertThat(fixture.index.statistics(fixture.store).errors()).isEqualTo(2);
    fixture.apply(false, keyed("a", "2", "2"), DocumentRows.none("b"));
    assertThat(fixture.errors()).isEmpty();
    assertThat(fixture.rows()).containsExactly("a 2=2");
    assertThat(fixture.index.statistics(fixture.store).errors()).isZero();
  }

  @Test
  void aBatchThatIsGivenUpLeavesNoTrace() {
    fixture.apply(true, keyed("a", "1", "1"));
    List<String> before = fixture.everything();
    ViewStatistics statistics = fixture.index.statistics(fixture.store);
    try (StoreBatch batch = fixture.store.batch()) {
      fixture.index.apply(
          List.of(keyed("b", "1", "1"), DocumentRows.failed("c", "no")), true, batch);
    }
    assertThat(fixture.everything()).isEqualTo(before);
    fixture.apply(false, keyed("a", "1", "1"));
    assertThat(fixture.index.statistics(fixture.store)).isEqualTo(statistics);
  }

  @Test
  void removingEverythingLeavesNothing() {
    fixture.apply(true, keyed("a", "1", "1", "\"x\"", "2"), DocumentRows.failed("b", "no"));
    fixture.apply(false, DocumentRows.none("a"), DocumentRows.none("b"), DocumentRows.none("c"));
    assertThat(fixture.everything()).isEmpty();
    assertThat(fixture.index.statistics(fixture.store)).isEqualTo(new ViewStatistics(0, 0, 0));
  }

  @Test
  void anySplitIntoBatchesGivesTheSameKeyspace() {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      List<DocumentRows> history = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        history.add(randomDocument(random));
      }
      try (IndexFixture oneByOne = new IndexFixture();
          IndexFixture split = new IndexFixture();
          IndexFixture fresh = new IndexFixture()) {
        history.forEach(document -> oneByOne.apply(false, document));
        applySplit(split, history, random);
        Map<String, DocumentRows> last = new TreeMap<>();
        history.forEach(document -> last.put(document.documentId(), document));
        fresh.apply(true, List.copyOf(last.values()));
        assertThat(split.everything()).as("seed %d", seed).isEqualTo(oneByOne.everything());
        assertThat(fresh.everything()).as("seed %d", seed).isEqualTo(oneByOne.everything());
      }
    }
  }

  private static void applySplit(IndexFixture index, List<DocumentRows> history, Random random) {
    Map<String, DocumentRows> batch = new TreeMap<>();
    for (DocumentRows document : history) {
      if (batch.containsKey(document.documentId()) || random.nextInt(8) == 0) {
        index.apply(false, List.copyOf(batch.values()));
        batch.clear();
      }
      batch.put(document.documentId(), document);
    }
    index.apply(false, List.copyOf(batch.values()));
  }

  private static DocumentRows randomDocument(Random random) {
    String id = "d" + random.nextInt(12);
    return switch (random.nextInt(6)) {
      case 0 -> DocumentRows.none(id);
      case 1 -> DocumentRows.failed(id, "error " + random.nextInt(3));
      case 2 -> valued(id, JsonModel.random(random, 2));
      default -> {
        String[] keysAndValues = new String[2 * random.nextInt(4)];
        for (int i = 0; i < keysAndValues.length; i++) {
          keysAndValues[i] = JsonModel.random(random, 1);
        }
        yield keyed(id, keysAndValues);
      }
    };
  }

  @Test
  void theLongestKeyOfTheLongestDocumentFits() {
    String key = "\"" + "k".repeat(JsonCollation.MAX_BYTES - 2) + "\"";
    String id = "i".repeat(512);
    fixture.apply(true, keyed(id, key, "1"));
    assertThat(fixture.rows(Map.of("prefix", "\"kkk\""))).containsExactly(id + " " + key + "=1");
  }

  @Test
  void longMessagesAreCut() {
    assertThat(DocumentRows.failed("a", "x".repeat(5_000)).error())
        .hasSize(DocumentRows.MAX_ERROR_LENGTH);
  }

  @Test
  void whatIsNoDocumentIdIsRefused() {
    assertThatThrownBy(() -> DocumentRows.none("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DocumentRows.none("a\0b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theRowsOfGivenDocumentsComeInTheirOrder() {
    List<DocumentRows> documents = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int d = 0; d < 300; d++) {
      documents.add(keyed("d" + d, "2", "\"x\"", "1", "" + d));
      ids.add(0, "d" + d);
      Collections.addAll(
          expected, "d" + (299 - d) + " 2=\"x\"", "d" + (299 - d) + " 1=" + (299 - d));
    }
    fixture.apply(true, documents);
    assertThat(fixture.rowsOf(ids, Map.of())).isEqualTo(expected);
    fixture.apply(false, DocumentRows.failed("d7", "bad"), DocumentRows.none("d8"));
    assertThat(fixture.rowsOf(List.of("d8", "none", "d7", "d9"), Map.of()))
        .containsExactly("d9 2=\"x\"", "d9 1=9");
    assertThat(fixture.rowsOf(List.of(), Map.of())).isEmpty();
  }

  @Test
  void theRowsOfADocumentAreThoseThatAreAskedFor() {
    fixture.apply(true, keyed("a", "1", "1", "[\"x\",2]", "2", "\"sea\"", "3", "\"seb\"", "4"));
    for (Map<String, String> range :
        List.of(
            Map.of("term", "1"),
            Map.of("term", "7"),
            Map.of("keys", "[\"seb\",\"b\",1,2]"),
            Map.of("keys", "[]"),
            Map.of("prefix", "\"se\""),
            Map.of("prefix", "[\"x\"]"),
            Map.of("start", "\"sea\""),
            Map.of("end", "\"sea\""),
            Map.of("start", "2", "end", "\"seb\""))) {
      assertThat(fixture.rowsOf(List.of("a"), range))
          .as(range.toString())
          .containsExactlyInAnyOrderElementsOf(fixture.rows(range));
    }
  }

  @Test
  void rowsThatAreFollowedHaveNoDirectionPositionOrLimit() {
    for (String name : List.of("reverse", "after", "limit")) {
      assertThatThrownBy(() -> RowQuery.parseFollowed(ViewArguments.none().with(name, "1")))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("'" + name + "'");
    }
  }

  @Test
  void aRowThatIsListedAndMissingIsReported() {
    fixture.apply(true, keyed("a", "1", "1"));
    try (StoreBatch batch = fixture.store.batch()) {
      batch.deleteRange(fixture.keyspace, new byte[] {RowLayout.ROW}, null);
      fixture.store.write(batch);
    }
    assertThatThrownBy(() -> fixture.rowsOf(List.of("a"), Map.of()))
        .isInstanceOf(CorruptionException.class);
  }
}
