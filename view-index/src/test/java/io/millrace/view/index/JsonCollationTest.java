package io.millrace.view.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.api.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JsonCollationTest {
  private static byte[] encode(String json) {
    return JsonCollation.encode(JsonModel.utf8(json));
  }

  private static int compare(String left, String right) {
    return Integer.signum(Arrays.compareUnsigned(encode(left), encode(right)));
  }

  private static void assertAscending(String... values) {
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values.length; j++) {
        assertThat(compare(values[i], values[j]))
            .as("%s against %s", values[i], values[j])
            .isEqualTo(Integer.compare(i, j));
      }
    }
  }

  @Test
  void kindsStandInTheDocumentedOrder() {
    assertAscending("null", "false", "true", "-1e999", "1e999", "\"\"", "\"z\"", "[]", "{}");
  }

  @Test
  void numbersAreComparedByTheirExactValue() {
    assertAscending(
        "-1e400",
        "-9223372036854775809",
        "-9223372036854775808",
        "-100",
        "-99.5",
        "-1",
        "-0.1",
        "-1e-300",
        "-1e-301",
        "0",
        "1e-301",
        "1e-300",
        "1e-9",
        "0.1",
        "0.10000000000000000000000000000000000000000000000000000001",
        "0.2",
        "1",
        "1.5",
        "2",
        "9",
        "10",
        "11",
        "99",
        "100",
        "101",
        "9223372036854775807",
        "9223372036854775808",
        "9223372036854775809",
        "1e24",
        "1e25",
        "1e308",
        "1e400",
        "1e100000000000000000");
  }

  @Test
  void oneNumberWrittenInSeveralWaysIsOneKey() {
    for (String same : List.of("1.0", "1e0", "10e-1", "0.1E1", "1.000e+00", "0.0001e4")) {
      assertThat(encode(same)).as(same).isEqualTo(encode("1"));
    }
    for (String zero : List.of("-0", "0.0", "0e5", "-0.00E-7", "0e99999999999999999999999")) {
      assertThat(encode(zero)).as(zero).isEqualTo(encode("0"));
    }
    assertThat(encode("120")).isEqualTo(encode("1.2e2"));
  }

  @Test
  void stringsAreComparedByCodePoint() {
    assertAscending(
        "\"\"",
        "\"\\u0000\"",
        "\"\\u0000a\"",
        "\"\\u0001\"",
        "\"\\u0002\"",
        "\" \"",
        "\"a\"",
        "\"a\\u0000\"",
        "\"aa\"",
        "\"b\"",
        "\"é\"",
        "\"\\ud800\"",
        "\"\\ud800a\"",
        "\"\uffff\"",
        "\"😀\"");
    assertThat(encode("\"\\ud83d\\ude00\\u0041\\/\"")).isEqualTo(encode("\"😀A/\""));
  }

  @Test
  void aStringHasOneEncodingWhetherItIsATextOrANode() {
    List<String> strings =
        new ArrayList<>(List.of("", "a", "#17", "a b\"\\/\n", "é", "😀", "\u007f"));
    for (char c = 0; c <= 0x80; c++) {
      strings.add("x" + c + "y");
    }
    for (String string : strings) {
      TextNode node = TextNode.valueOf(string);
      assertThat(JsonCollation.encode(node)).as(string).isEqualTo(encode(node.toString()));
      assertThat(JsonCollation.prefix(node))
          .as(string)
          .isEqualTo(Arrays.copyOf(encode(node.toString()), encode(node.toString()).length - 1));
    }
    TextNode longest = TextNode.valueOf("x".repeat(JsonCollation.MAX_BYTES - 2));
    assertThat(JsonCollation.encode(longest)).hasSize(JsonCollation.MAX_BYTES);
    TextNode tooLong = TextNode.valueOf("x".repeat(JsonCollation.MAX_BYTES - 1));
    assertThatThrownBy(() -> JsonCollation.encode(tooLong))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void arraysAreComparedByElementAndThenByLength() {
    assertAscending(
        "[]",
        "[null]",
        "[1]",
        "[1,\"a\"]",
        "[1,\"a\",null]",
        "[1,\"b\"]",
        "[2]",
        "[\"\"]",
        "[\"a\"]",
        "[[]]",
        "[[],1]",
        "[[1]]",
        "[{}]");
  }

  @Test
  void objectsAreComparedByMembersInTheOrderOfTheirNames() {
    assertAscending(
        "{}",
        "{\"\":1}",
        "{\"a\":1}",
        "{\"a\":1,\"b\":0}",
        "{\"a\":1,\"b\":0,\"c\":0}",
        "{\"a\":1,\"c\":0}",
        "{\"a\":2}",
        "{\"aa\":0}",
        "{\"b\":0}");
    assertThat(encode("{\"b\":[1,{\"y\":1,\"x\":2}],\"a\":1}"))
        .isEqualTo(encode("{\"a\":1,\"b\":[1,{\"x\":2,\"y\":1}]}"));
  }

  @Test
  void randomValuesStandInTheOrderOfTheModel() {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      values.add(JsonModel.random(random, 3));
    }
    for (int i = 0; i < 200_000; i++) {
      String left = values.get(random.nextInt(values.size()));
      String right = values.get(random.nextInt(values.size()));
      assertThat(compare(left, right))
          .as("seed %d: %s against %s", seed, left, right)
          .isEqualTo(Integer.signum(JsonModel.compare(left, right)));
    }
  }

  @Test
  void randomNumbersStandInTheOrderOfTheModel() {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    for (int i = 0; i < 100_000; i++) {
      String left = JsonModel.number(random);
      String right = JsonModel.number(random);
      assertThat(compare(left, right))
          .as("seed %d: %s against %s", seed, left, right)
          .isEqualTo(Integer.signum(JsonModel.compare(left, right)));
    }
  }

  @Test
  void noEncodingIsTheBeginningOfAnother() {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    List<byte[]> encodings = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      encodings.add(encode(JsonModel.random(random, 2)));
    }
    encodings.sort(Arrays::compareUnsigned);
    for (int i = 1; i < encodings.size(); i++) {
      byte[] one = encodings.get(i - 1);
      byte[] next = encodings.get(i);
      boolean begins = next.length > one.length && Arrays.mismatch(one, next) == one.length;
      assertThat(begins).as("seed %d: %s", seed, Arrays.toString(next)).isFalse();
    }
  }

  @Test
  void whatExceedsTheLimitsIsRefused() {
    assertRefused("\"" + "x".repeat(JsonCollation.MAX_BYTES) + "\"", "key-too-long");
    assertRefused("[" + "[],".repeat(40_000) + "[]]", "key-too-long");
    assertRefused("[".repeat(501) + "]".repeat(501), "key-too-deep");
    assertRefused("1e1000000000000000000", "key-too-large");
    assertThat(encode("[".repeat(500) + "]".repeat(500))).hasSize(1_000);
    assertThat(encode("\"" + "x".repeat(JsonCollation.MAX_BYTES - 2) + "\""))
        .hasSize(JsonCollation.MAX_BYTES);
  }

  private static void assertRefused(String json, String code) {
    assertThatThrownBy(() -> encode(json))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void textThatIsNoJsonIsAProgrammingError() {
    for (String text : List.of("", "\"a", "[1", "{\"a\":", "x", "1 ", "[1]]", "{1:2}")) {
      assertThatThrownBy(() -> encode(text)).as(text).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
