package io.millrace.view.index.reduce;

import static io.millrace.view.index.reduce.ReduceFixture.keyed;
import static io.millrace.view.index.reduce.ReduceFixture.text;
import static io.millrace.view.index.reduce.ReduceFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.view.index.DocumentRows;
import io.millrace.view.index.IndexRow;
import io.millrace.view.index.StoredRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ReducersTest {
  private static final long SEED = Long.getLong("millrace.test.seed", new Random().nextLong());

  private static Reducer reducer(String name) {
    return Objects.requireNonNull(Reducers.find(name));
  }

  private static StoredRow row(String value) {
    return IndexRow.keyed(utf8("1"), utf8(value)).toStored();
  }

  private static String reduced(String name, String... values) {
    Reduction reduction = reducer(name).begin();
    for (String value : values) {
      assertThat(reducer(name).refusal(row(value))).as(value).isNull();
      reduction.add(row(value));
    }
    return text(reduction.answer());
  }

  /** Reduced in parts that are put together in any order. */
  private static byte[] inParts(String name, List<String> values, Random random) {
    List<byte[]> parts = new ArrayList<>();
    for (int at = 0; at < values.size(); ) {
      Reduction part = reducer(name).begin();
      int end = Math.min(values.size(), at + 1 + random.nextInt(40));
      for (; at < end; at++) {
        part.add(row(values.get(at)));
      }
      parts.add(part.partial());
    }
    while (parts.size() > 1) {
      Collections.shuffle(parts, random);
      Reduction merged = reducer(name).begin();
      int count = Math.min(parts.size(), 2 + random.nextInt(4));
      List<byte[]> taken = parts.subList(0, count);
      taken.forEach(merged::merge);
      taken.clear();
      parts.add(merged.partial());
    }
    return parts.get(0);
  }

  @Test
  void nothingHasAValueToo() {
    assertThat(reduced("count")).isEqualTo("0");
    assertThat(reduced("sum")).isEqualTo("0");
    assertThat(reduced("min")).isEqualTo("null");
    assertThat(reduced("max")).isEqualTo("null");
    assertThat(reduced("stats"))
        .isEqualTo("{\"sum\":0,\"count\":0,\"min\":null,\"max\":null,\"sumsqr\":0}");
    assertThat(reduced("distinct")).isEqualTo("0");
  }

  @Test
  void nullIsCountedAndOtherwisePassedOver() {
    assertThat(reduced("count", "null", "1", "null")).isEqualTo("3");
    assertThat(reduced("sum", "null", "1", "null")).isEqualTo("1");
    assertThat(reduced("min", "null", "1", "null")).isEqualTo("1");
    assertThat(reduced("max", "null", "-1", "null")).isEqualTo("-1");
    assertThat(reduced("stats", "null", "2", "null"))
        .isEqualTo("{\"sum\":2,\"count\":1,\"min\":2,\"max\":2,\"sumsqr\":4}");
    assertThat(reduced("distinct", "null", "2", "null")).isEqualTo("1");
  }

  @Test
  void sumsAreExact() {
    assertThat(reduced("sum", "0.1", "0.2")).isEqualTo("0.3");
    assertThat(reduced("sum", "1e300", "1", "-1e300")).isEqualTo("1");
    assertThat(reduced("sum", "9007199254740993", "0")).isEqualTo("9007199254740993");
    assertThat(reduced("sum", "9223372036854775807", "9223372036854775807"))
        .isEqualTo("18446744073709551614");
    assertThat(reduced("sum", "999999999999999999", "999999999999999999", "8e18", "1e18"))
        .isEqualTo("10999999999999999998");
    assertThat(reduced("sum", "1.50", "1.50")).isEqualTo("3");
    assertThat(reduced("sum", "-0", "0.0", "0e9")).isEqualTo("0");
  }

  @Test
  void numbersAreWrittenAsShortAsJavaScriptWritesThem() {
    assertThat(reduced("sum", "100")).isEqualTo("100");
    assertThat(reduced("sum", "1e20")).isEqualTo("100000000000000000000");
    assertThat(reduced("sum", "1e21")).isEqualTo("1e21");
    assertThat(reduced("sum", "-12e30")).isEqualTo("-1.2e31");
    assertThat(reduced("sum", "0.000001")).isEqualTo("0.000001");
    assertThat(reduced("sum", "-0.00000012")).isEqualTo("-1.2e-7");
  }

  @Test
  void whatCannotBeAddedIsRefused() {
    for (String name : List.of("sum", "stats")) {
      for (String value : List.of("\"1\"", "true", "[1]", "{}")) {
        assertThat(reducer(name).refusal(row(value))).as(value).contains("neither a number");
      }
      for (String value :
          List.of("1e400", "1e-401", "1e999999999999", "9".repeat(401), "9".repeat(5000))) {
        assertThat(reducer(name).refusal(row(value))).as(value).contains("more than 400 digits");
      }
      for (String value :
          List.of("1.7976931348623157e308", "4.9e-324", "9".repeat(400), "0e999999", "1e399")) {
        assertThat(reducer(name).refusal(row(value))).as(value).isNull();
      }
    }
    for (String name : List.of("min", "max", "distinct")) {
      assertThat(reducer(name).refusal(row("\"" + "x".repeat(70_000) + "\"")))
          .contains("cannot be compared");
    }
    assertThat(reducer("count").refusal(row("{}"))).isNull();
  }

  @Test
  void theLargestNumbersHaveSquares() {
    String nines = "9".repeat(400) + "." + "9".repeat(400);
    String answer = reduced("stats", nines, nines, "-1e-400");
    BigDecimal number = new BigDecimal(nines);
    BigDecimal squares =
        number.multiply(number).multiply(BigDecimal.valueOf(2)).add(new BigDecimal("1e-800"));
    assertThat(new BigDecimal(answer.substring(answer.indexOf("sumsqr\":") + 8).replace("}", "")))
        .isEqualByComparingTo(squares);
    byte[] partial = inParts("stats", List.of(nines, nines, "-1e-400"), new Random(1));
    Reduction reduction = reducer("stats").begin();
    reduction.merge(partial);
    assertThat(text(reduction.answer())).isEqualTo(answer);
  }

  @Test
  void extremesFollowTheOrderOfKeys() {
    String[] values = {"\"b\"", "7", "false", "[1]", "\"a\"", "{\"x\":1}"};
    assertThat(reduced("min", values)).isEqualTo("false");
    assertThat(reduced("max", values)).isEqualTo("{\"x\":1}");
    assertThat(reduced("min", "1.0", "1", "1e0")).isEqualTo(reduced("min", "1e0", "1", "1.0"));
    assertThat(reduced("max", "1.0", "1", "1e0")).isEqualTo(reduced("max", "1e0", "1", "1.0"));
  }

  @Test
  void partsInAnyOrderGiveTheSameBytes() {
    Random random = new Random(SEED);
    for (int round = 0; round < 30; round++) {
      List<String> values = new ArrayList<>();
      int size = 1 + random.nextInt(1000);
      for (int i = 0; i < size; i++) {
        values.add(randomNumber(random));
      }
      for (String name : Reducers.NAMES) {
        byte[] ordered = inParts(name, values, random);
        Collections.shuffle(values, random);
        assertThat(inParts(name, values, random)).as("seed %d, %s", SEED, name).isEqualTo(ordered);
      }
      BigDecimal sum =
          values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
      assertThat(new BigDecimal(reduced("sum", values.toArray(new String[0]))))
          .as("seed %d", SEED)
          .isEqualByComparingTo(sum);
    }
  }

  private static String randomNumber(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> Integer.toString(random.nextInt(2000) - 1000);
      case 1 -> Long.toString(random.nextLong());
      case 2 -> Double.toString(random.nextGaussian());
      case 3 -> random.nextInt(100) + "e" + (random.nextInt(600) - 300);
      default -> random.nextInt(1000) + "." + random.nextInt(100);
    };
  }

  @Test
  void fewDifferentValuesAreCountedExactlyAndManyClosely() {
    for (int values : new int[] {1, 100, 256, 1_000, 100_000}) {
      Reduction reduction = reducer("distinct").begin();
      for (int i = 0; i < 2 * values; i++) {
        reduction.add(row("\"value " + i % values + "\""));
      }
      long answer = Long.parseLong(text(reduction.answer()));
      if (values <= 256) {
        assertThat(answer).isEqualTo(values);
      } else {
        assertThat((double) answer / values).isBetween(0.95, 1.05);
      }
    }
    assertThat(
            reduced(
                "distinct", "1", "1.0", "1e0", "\"1\"", "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}"))
        .isEqualTo("3");
  }

  @Test
  void damagedPartialReductionsAreReported() {
    Random random = new Random(SEED);
    for (String name : Reducers.NAMES) {
      if (name.equals("min") || name.equals("max")) {
        continue;
      }
      byte[] partial = inParts(name, List.of("1", "2.5", "1e30"), random);
      for (byte[] damaged :
          List.of(
              Arrays.copyOf(partial, partial.length - 1),
              Arrays.copyOf(partial, partial.length + 1))) {
        assertThatThrownBy(() -> reducer(name).begin().merge(damaged))
            .as(name)
            .isInstanceOf(CorruptionException.class);
      }
    }
  }

  @Test
  void aDocumentWithARefusedRowIsAnErrorAndNothingElse() {
    try (ReduceFixture fixture = new ReduceFixture(reducer("sum"))) {
      fixture.apply(
          true, keyed("a", "1", "5", "2", "6"), keyed("b", "1", "\"x\"", "2", "1"), keyed("c"));
      fixture.settle();
      assertThat(fixture.read(Map.of())).containsExactly("null=11");
      assertThat(fixture.index.statistics(fixture.store).errors()).isEqualTo(1);
      fixture.apply(false, keyed("b", "1", "4"), DocumentRows.none("c"));
      assertThat(fixture.read(Map.of("group", "true"))).containsExactly("1=9", "2=6");
      assertThat(fixture.index.statistics(fixture.store).errors()).isZero();
    }
  }
}
