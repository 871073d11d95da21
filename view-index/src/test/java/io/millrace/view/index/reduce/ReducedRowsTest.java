package io.millrace.view.index.reduce;

import static io.millrace.view.index.reduce.ReduceFixture.keyed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.view.ViewArguments;
import io.millrace.view.index.DocumentRows;
import io.millrace.view.index.IndexRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ReducedRowsTest {
  private static Reducer reducer(String name) {
    return Objects.requireNonNull(Reducers.find(name));
  }

  @Test
  void aReductionOfHalfOfAMillionRowsVisitsFewOfThem() {
    try (ReduceFixture fixture = new ReduceFixture(reducer("sum"))) {
      for (int document = 0; document < 1000; document++) {
        List<IndexRow> rows = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
          byte[] number = ReduceFixture.utf8(Integer.toString(i * 1000 + document));
          rows.add(IndexRow.keyed(number, number));
        }
        fixture.apply(true, DocumentRows.of("d" + document, rows));
      }
      assertThat(fixture.settle()).as("portions").isGreaterThan(10);
      Map<String, String> half = Map.of("start", "250000", "end", "750000");
      CountingReader reader = new CountingReader(fixture.store);
      assertThat(fixture.read(half, reader)).containsExactly("null=249999750000");
      assertThat(reader.visited).isLessThan(3_000);
      reader = new CountingReader(fixture.store);
      assertThat(fixture.read(Map.of(), reader)).containsExactly("null=499999500000");
      assertThat(reader.visited).isLessThan(3_000);
      // One document changes: what is computed again is what lies above its rows.
      fixture.apply(false, keyed("d500", "500500", "1"));
      assertThat(fixture.settle()).isLessThan(30);
      fixture.apply(false, keyed("d500", "500500", "500500"));
      reader = new CountingReader(fixture.store);
      // 500 + 1,500 + … + 999,500 are gone.
      long reduced = 499_999_500_000L - 500_000_000 + 500_500;
      assertThat(fixture.read(Map.of(), reader)).containsExactly("null=" + reduced);
      assertThat(reader.visited).as("not settled").isLessThan(5_000);
    }
  }

  @Test
  void withoutGroupThereIsAlwaysOneRow() {
    try (ReduceFixture fixture = new ReduceFixture(reducer("count"))) {
      assertThat(fixture.read(Map.of())).containsExactly("null=0");
      assertThat(fixture.read(Map.of("limit", "0"))).isEmpty();
      assertThat(fixture.read(Map.of("group", "true"))).isEmpty();
      fixture.apply(true, keyed("a", "1", "1", "1", "2", "3", "3"));
      assertThat(fixture.read(Map.of())).containsExactly("null=3");
      assertThat(fixture.read(Map.of("level", "0"))).containsExactly("null=3");
      assertThat(fixture.read(Map.of("keys", "[3,1,3,9]"))).containsExactly("null=3");
      assertThat(fixture.read(Map.of("group", "false", "reverse", "true")))
          .containsExactly("null=3");
      assertThat(fixture.read(Map.of("term", "2"))).containsExactly("null=0");
    }
  }

  @Test
  void levelsCutArrays() {
    try (ReduceFixture fixture = new ReduceFixture(reducer("count"))) {
      fixture.apply(
          true,
          keyed("a", "[\"x\",1,\"]\"]", "1", "[\"x\",[1,2],3]", "1", "[\"x\"]", "1", "[]", "1"),
          keyed("b", "[\"x,\\\"]\",{\"a\":[1]},3]", "1", "\"x\"", "1", "[\"x\",1.0]", "1"));
      assertThat(fixture.read(Map.of("level", "1")))
          .containsExactly("\"x\"=1", "[]=1", "[\"x\"]=4", "[\"x,\\\"]\"]=1");
      assertThat(fixture.read(Map.of("level", "2")))
          .containsExactly(
              "\"x\"=1",
              "[]=1",
              "[\"x\"]=1",
              "[\"x\",1.0]=2",
              "[\"x\",[1,2]]=1",
              "[\"x,\\\"]\",{\"a\":[1]}]=1");
      assertThat(fixture.read(Map.of("group", "true", "level", "1", "prefix", "[\"x\"]")))
          .containsExactly("[\"x\"]=4");
      assertThat(fixture.read(Map.of("level", "1", "keys", "[[\"x\"],[\"x\",1]]")))
          .containsExactly("[\"x\"]=2");
      assertThat(
              fixture.read(Map.of("level", "1", "keys", "[[\"x\"],[\"x\",1]]", "reverse", "true")))
          .containsExactly("[\"x\"]=2");
    }
  }

  @Test
  void withoutReduceTheRowsThemselvesAreGiven() {
    try (ReduceFixture fixture = new ReduceFixture(reducer("count"))) {
      fixture.apply(true, keyed("a", "1", "5", "2", "6"));
      assertThat(fixture.read(Map.of("reduce", "false"))).containsExactly("1=5", "2=6");
      assertThat(fixture.read(Map.of("reduce", "true"))).containsExactly("null=2");
    }
  }

  @Test
  void contradictionsAreRefusedByName() {
    try (ReduceFixture fixture = new ReduceFixture(reducer("count"))) {
      for (Map<String, String> arguments :
          List.of(
              Map.of("level", "1", "group", "false"),
              Map.of("level", "0", "group", "true"),
              Map.of("level", "-1"),
              Map.of("level", "x"),
              Map.of("group", "true", "reduce", "false"),
              Map.of("level", "2", "reduce", "false"),
              Map.of("group", "perhaps"),
              Map.of("reduce", "1"),
              Map.of("after", "AA"),
              Map.of("start", "2", "end", "1"),
              Map.of("term", "word"))) {
        assertThatThrownBy(() -> fixture.read(arguments))
            .as(arguments.toString())
            .isInstanceOf(InvalidRequestException.class)
            .hasMessageContaining("parameter '");
      }
    }
  }

  @Test
  void reducedRowsCannotBeFollowedAndPlainOnesCan() {
    try (ReduceFixture fixture = new ReduceFixture(reducer("count"))) {
      fixture.apply(true, keyed("a", "1", "5"));
      var changed = Objects.requireNonNull(fixture.rows.source().changed());
      assertThatThrownBy(() -> changed.call(ViewArguments.none(), List.of(), fixture.store))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("reduce=false");
      try (var rows =
          changed.call(ViewArguments.none().with("reduce", "false"), List.of("a"), fixture.store)) {
        assertThat(rows.advance()).isTrue();
      }
    }
  }

  @Test
  void whatCannotBeReducedIsSaidForEveryRangeThatHoldsItAndForNoOther() {
    try (ReduceFixture fixture = new ReduceFixture(new TraceReducer())) {
      List<DocumentRows> documents = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        documents.add(keyed("d" + i, Integer.toString(i), i == 700 ? "\"bad\"" : "1"));
      }
      fixture.apply(true, documents);
      for (int settled = 0; settled < 2; settled++) {
        assertThat(fixture.read(Map.of("end", "700")).get(0)).contains(";699d699");
        assertThat(fixture.read(Map.of("start", "701")).get(0)).contains("701d701");
        for (Map<String, String> arguments :
            List.of(Map.<String, String>of(), Map.of("start", "20"), Map.of("term", "700"))) {
          assertThatThrownBy(() -> fixture.read(arguments))
              .isInstanceOf(ReductionFailedException.class)
              .hasMessageContaining("bad row of d700");
        }
        fixture.settle();
      }
      fixture.apply(false, keyed("d700", "700", "2"));
      assertThat(fixture.read(Map.of()).get(0)).contains("700d7002;");
    }
  }

  @Test
  void settlingIsInterruptedWithoutATrace() {
    try (ReduceFixture fixture = new ReduceFixture(reducer("count"));
        StoreBatch batch = fixture.store.batch()) {
      fixture.apply(true, keyed("a", "1", "5"));
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> fixture.rows.settle(batch)).isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
      fixture.settle();
      assertThat(fixture.read(Map.of())).containsExactly("null=1");
    }
  }

  @Test
  void aViewThatIsSettledHasNothingLeftToWrite() {
    try (ReduceFixture fixture = new ReduceFixture(reducer("count"))) {
      fixture.apply(true, keyed("a", "1", "5"), keyed("b", "2", "5"));
      fixture.settle();
      fixture.reopen();
      try (StoreBatch batch = fixture.store.batch()) {
        assertThat(fixture.rows.settle(batch)).isFalse();
        assertThat(batch.size()).isZero();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
