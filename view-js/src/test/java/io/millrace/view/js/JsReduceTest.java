package io.millrace.view.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.document.Change;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewMethod;
import io.millrace.view.index.reduce.ReductionFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class JsReduceTest {
  private static final String BY_KIND = "doc => emit([doc.kind, doc.n], doc.n)";

  private final JsFixture fixture = new JsFixture();

  @AfterAll
  void close() {
    fixture.close();
  }

  private static List<Change> documents(int count) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      changes.add(JsFixture.put("d" + i, "{\"kind\":\"k" + i % 3 + "\",\"n\":" + i + "}"));
    }
    return changes;
  }

  @Test
  void rowsAreReducedByWhatIsBuiltIn() {
    JsFixture.Built view = fixture.view(BY_KIND, "sum");
    view.apply(true, documents(1_000));
    view.settle();
    assertThat(view.rows()).containsExactly("null=499500");
    assertThat(view.rows(Map.of("level", "1")))
        .containsExactly("[\"k0\"]=166833", "[\"k1\"]=166167", "[\"k2\"]=166500");
    assertThat(view.rows(Map.of("reduce", "false", "limit", "1")))
        .containsExactly("d0 [\"k0\",0]=0");
    assertThat(view.count(Map.of())).isEqualTo(1_000);
  }

  @Test
  void aMapThatReturnsIsGroupedByWhatItReturns() {
    JsFixture.Built view = fixture.view("doc => doc.kind", "count");
    view.apply(true, documents(10));
    assertThat(view.rows(Map.of("group", "true")))
        .containsExactly("\"k0\"=4", "\"k1\"=3", "\"k2\"=3");
  }

  @Test
  void aFunctionSeesKeysWithDocumentsAndThenWhatItReturned() {
    JsFixture.Built view =
        fixture.view(
            "doc => emit([doc.kind, doc.n], doc.n)",
            """
            function(keys, values, rereduce) {
              if (rereduce) {
                if (keys !== null) throw new Error('keys on rereduce');
                return values.reduce((a, b) => ({
                  rows: a.rows + b.rows, low: a.low, high: b.high, sum: a.sum + b.sum
                }));
              }
              return {rows: keys.length, low: keys[0], high: keys[keys.length - 1], sum: sum(values)};
            }""");
    view.apply(true, documents(2_000));
    String expected =
        "null={\"rows\":2000,\"low\":[[\"k0\",0],\"d0\"],\"high\":[[\"k2\",1997],\"d1997\"],\"sum\":1999000}";
    assertThat(view.rows()).containsExactly(expected);
    view.settle();
    assertThat(view.rows()).containsExactly(expected);
    assertThat(view.rows(Map.of("term", "[\"k1\",7]")))
        .containsExactly(
            "null={\"rows\":1,\"low\":[[\"k1\",7],\"d7\"],\"high\":[[\"k1\",7],\"d7\"],\"sum\":7}");
    assertThat(view.rows(Map.of("term", "\"none\""))).containsExactly("null=null");
    assertThat(view.rows(Map.of("level", "1", "reverse", "true", "limit", "1")).get(0))
        .startsWith("[\"k2\"]={\"rows\":666,");
  }

  /** The order of additions shows in the last digits. */
  @Test
  void anAnswerDoesNotDependOnWhatIsSettledOrOnTheHistory() {
    long seed = Long.getLong("millrace.test.seed", new Random().nextLong());
    Random random = new Random(seed);
    String map = "doc => emit(doc.n, doc.n / 7)";
    String reduce = "(keys, values) => values.reduce((a, b) => a * 0.999 + b)";
    JsFixture.Built once = fixture.view(map, reduce);
    JsFixture.Built split = fixture.view(map, reduce);
    List<Change> documents = documents(3_000);
    once.apply(true, documents);
    List<String> unsettled = once.rows();
    List<String> unsettledRange = once.rows(Map.of("start", "31", "end", "2900"));
    once.settle();
    assertThat(once.rows()).isEqualTo(unsettled);
    assertThat(once.rows(Map.of("start", "31", "end", "2900"))).isEqualTo(unsettledRange);
    for (int start = 0; start < documents.size(); ) {
      int end = Math.min(documents.size(), start + 1 + random.nextInt(400));
      split.apply(false, documents.subList(start, end));
      start = end;
      if (random.nextBoolean()) {
        split.settle();
      }
    }
    split.settle();
    assertThat(split.everything()).as("seed %d", seed).isEqualTo(once.everything());
  }

  @Test
  void aFunctionThatFailsIsSaidWhereItsRowsAreAskedForAndNowhereElse() {
    JsFixture.Built view =
        fixture.view(
            "doc => emit(doc.n, doc.n)",
            "(keys, values) => {\n  if (values.includes(700)) throw new Error('no 700');\n  return 1\n}");
    view.apply(true, documents(1_000));
    for (int settled = 0; settled < 2; settled++) {
      assertThatThrownBy(view::rows)
          .isInstanceOf(ReductionFailedException.class)
          .hasMessageContainingAll("no 700", "line 2");
      assertThat(view.rows(Map.of("end", "600"))).containsExactly("null=1");
      view.settle();
    }
    view.apply(JsFixture.delete("d700"));
    view.settle();
    assertThat(view.rows()).containsExactly("null=1");
  }

  @Test
  void aReductionThatGrowsWithItsRowsFails() {
    JsFixture.Built view =
        fixture.view("doc => emit(doc.n, doc)", "(keys, values) => values.flat()");
    view.apply(true, documents(2_000));
    view.settle();
    assertThatThrownBy(view::rows)
        .isInstanceOf(ReductionFailedException.class)
        .hasMessageContaining("longer than 16384 characters");
    assertThat(view.rows(Map.of("end", "1")).get(0)).startsWith("null=[{");
  }

  @Test
  void aFunctionThatExceedsALimitFailsForItsRowsAlone() {
    JsFixture.Built view =
        fixture.view(
            "doc => emit(doc.n, doc.n)",
            "(keys, values) => { if (values.includes(50)) while (true) {} return 1 }");
    view.apply(true, documents(500));
    view.settle();
    assertThatThrownBy(view::rows)
        .isInstanceOf(ReductionFailedException.class)
        .hasMessageContaining("statements");
    assertThat(view.rows(Map.of("start", "51", "end", "400"))).containsExactly("null=1");
  }

  @Test
  void nothingIsCarriedFromOneReductionToTheNext() {
    JsFixture.Built view =
        fixture.view(
            "doc => emit(doc.n, 1)",
            "(() => { let calls = 0; return (keys, values, again) => again ? Math.max(...values) : ++calls })()");
    view.apply(true, documents(500));
    view.settle();
    assertThat(view.rows()).containsExactly("null=1");
  }

  @Test
  void whatCannotBeSummedIsAnErrorOfItsDocument() {
    JsFixture.Built view = fixture.view("doc => emit(doc.kind, doc.n)", "sum");
    view.apply(
        JsFixture.put("a", "{\"kind\":1,\"n\":\"5\"}"), JsFixture.put("b", "{\"kind\":1,\"n\":6}"));
    assertThat(view.rows()).containsExactly("null=6");
    assertThat(view.errors()).hasSize(1);
    assertThat(view.errors().get(0).id()).isEqualTo("a");
  }

  @Test
  void reducedRowsAreNotFollowed() {
    JsFixture.Built view = fixture.view("doc => doc.n", "count");
    var rows = (ViewMethod.Source) view.view.methods().get("rows");
    assertThatThrownBy(() -> rows.changed().call(ViewArguments.none(), List.of(), fixture.store))
        .isInstanceOf(InvalidRequestException.class);
  }
}
