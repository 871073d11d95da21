package io.millrace.api.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.api.document.JsonText.Member;
import io.millrace.api.document.JsonText.WrittenDocument;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MalformedJsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String compact(String text) {
    return JsonText.parse(utf8(text)).toString();
  }

  private static MalformedJsonException refusal(byte[] text) {
    MalformedJsonException refused =
        catchThrowableOfType(MalformedJsonException.class, () -> JsonText.parse(text));
    assertThat(refused).as("refusal of %s", new String(text, StandardCharsets.UTF_8)).isNotNull();
    return refused;
  }

  @Test
  void whiteSpaceGoesAndEverythingElseStays() {
    assertThat(compact(" { \"b\" : [ 1 , 2.50 , -0 , 1E+2 ] ,\r\n\t\"a\" : \" x \" } "))
        .isEqualTo("{\"b\":[1,2.50,-0,1E+2],\"a\":\" x \"}");
    assertThat(compact(" 42 ")).isEqualTo("42");
    assertThat(compact("\"\\u00e9\\n\\/ é 😀\"")).isEqualTo("\"\\u00e9\\n\\/ é 😀\"");
    assertThat(compact("{}")).isEqualTo("{}");
    assertThat(compact(" [ ] ")).isEqualTo("[]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`{\"a\":}`|1",
        "`{\"a\":1\n\"b\":2}`|2",
        "`[1,\n2,\n,]`|3",
        "`{\"a\"`|1",
        "`[1,2`|1",
        "`\"open`|1",
        "`nul`|1",
        "`01`|1",
        "`+1`|1",
        "`.5`|1",
        "`1.`|1",
        "`NaN`|1",
        "`'a'`|1",
        "`{a:1}`|1",
        "`[1,]`|1",
        "`{\"a\":1,}`|1",
        "`/* no */ 1`|1",
        "`\"\\x\"`|1",
        "`\"\\u12g4\"`|1",
        "`\"a\tb\"`|1",
      })
  void malformedTextIsRefusedWithItsPlace(String text, int line) {
    MalformedJsonException refused = refusal(utf8(text));
    assertThat(refused.line()).isEqualTo(line);
    assertThat(refused.column()).isPositive();
    assertThat(refused.code()).isEqualTo("malformed-json");
    assertThat(refused).hasMessageContaining("line " + line);
  }

  @Test
  void everyTruncationOfAnObjectIsRefused() {
    byte[] whole = utf8("{\"a\":[1,{\"b\":\"é\\u0041\"},true,null],\"c\":-1.5e3}");
    for (int length = 0; length < whole.length; length++) {
      refusal(java.util.Arrays.copyOf(whole, length));
    }
    JsonText.parse(whole);
  }

  @Test
  void emptyInputIsRefused() {
    refusal(new byte[0]);
    refusal(utf8(" \n "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{} {}", "{}x", "1 2", "[] ,", "{}]", "\"a\" \"b\"", "null null"})
  void trailingTextIsRefused(String text) {
    refusal(utf8(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "[{\"x\":{\"a\":1,\"b\":0,\"a\":1}}]",
        "{\"\":1,\"\":2}"
      })
  void duplicateMembersAreRefused(String text) {
    refusal(utf8(text));
  }

  @Test
  void theSameMemberInDifferentObjectsIsAccepted() {
    assertThat(compact("{\"a\":{\"a\":1},\"b\":[{\"a\":2},{\"a\":3}]}"))
        .isEqualTo("{\"a\":{\"a\":1},\"b\":[{\"a\":2},{\"a\":3}]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800x\"",
        "\"\\ud800\\n\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800\\ud800\\udc00\"",
        "\"\\udc00\\ud800\"",
        "{\"\\ud800\":1}",
        "[\"a\",\"\\uDBFF\"]"
      })
  void escapedLoneSurrogatesAreRefusedWithTheirPlace(String text) {
    MalformedJsonException refused = refusal(utf8(text));
    assertThat(refused.line()).isEqualTo(1);
    assertThat(refused.column()).isGreaterThan(1);
  }

  @Test
  void escapedPairsAndTextThatLooksLikeAnEscapeAreKept() {
    assertThat(compact("\"\\ud83d\\ude00\"")).isEqualTo("\"\\ud83d\\ude00\"");
    assertThat(compact("\"\\\\ud800\"")).isEqualTo("\"\\\\ud800\"");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    int[][] wrong = {
      {0xed, 0xa0, 0x80}, // a surrogate
      {0xed, 0xbf, 0xbf},
      {0xc0, 0x80}, // overlong
      {0xc1, 0xbf},
      {0xe0, 0x80, 0x80},
      {0xf0, 0x80, 0x80, 0x80},
      {0xf4, 0x90, 0x80, 0x80}, // beyond the last code point
      {0xf5, 0x80, 0x80, 0x80},
      {0xff},
      {0x80}, // a continuation alone
      {0xc3},
      {0xe2, 0x82},
      {0xf0, 0x9f, 0x98}
    };
    for (int[] bytes : wrong) {
      byte[] text = new byte[bytes.length + 2];
      text[0] = '"';
      for (int i = 0; i < bytes.length; i++) {
        text[i + 1] = (byte) bytes[i];
      }
      text[text.length - 1] = '"';
      refusal(text);
      byte[] member = new byte[text.length + 4];
      member[0] = '{';
      System.arraycopy(text, 0, member, 1, text.length);
      member[text.length + 1] = ':';
      member[text.length + 2] = '1';
      member[text.length + 3] = '}';
      refusal(member);
    }
  }

  @Test
  void otherEncodingsAndByteOrderMarksAreRefused() {
    refusal("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE));
    refusal("{\"a\":1}".getBytes(StandardCharsets.UTF_16BE));
    refusal("{\"a\":1}".getBytes(StandardCharsets.UTF_16));
    refusal("1".getBytes(StandardCharsets.UTF_16LE));
    refusal(new byte[] {0, 0, 0, '1'});
    refusal(new byte[] {'1', 0, 0, 0});
    refusal(utf8("\ufeff{}"));
  }

  @Test
  void nestingDeeperThanTheLimitIsRefused() {
    String deepest = "[".repeat(JsonText.MAX_DEPTH) + "]".repeat(JsonText.MAX_DEPTH);
    assertThat(compact(deepest)).isEqualTo(deepest);
    assertThat(refusal(utf8("[" + deepest + "]")).column()).isPositive();
    refusal(utf8("{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000)));
    refusal(utf8("[".repeat(100_000)));
  }

  @Test
  void numbersOfAnySizeAreKeptExactly() {
    String digits = "1".repeat(5_000);
    String text =
        "[123456789012345678901234567890,1e400,-1E-400,0.10,1.0E+2,"
            + digits
            + ","
            + digits
            + "."
            + digits
            + "e9999999999]";
    assertThat(compact(text)).isEqualTo(text);
  }

  @Test
  void metadataIsTakenOutHoweverItIsWritten() {
    String revision = "1-9c1185a5c5e9fc54612808977ee8f548";
    WrittenDocument document =
        JsonText.parse(
                utf8(
                    "{\"a\":1, \"\\u0069d\":\"x\\u0079\", \"b\":{\"id\":2},\"r\\u0065v\":\""
                        + revision
                        + "\",\"c\":3}"))
            .document();
    assertThat(document.id()).isEqualTo("xy");
    assertThat(document.revision()).hasToString(revision);
    assertThat(document.body()).hasToString("{\"a\":1,\"b\":{\"id\":2},\"c\":3}");
    assertThat(JsonText.parse(utf8("{\"id\":\"a\"}")).document().body()).hasToString("{}");
    assertThat(JsonText.parse(utf8("{}")).document().id()).isNull();
  }

  @Test
  void whatCannotBeADocumentIsRefused() {
    for (String text :
        List.of(
            "[]",
            "1",
            "{\"id\":1}",
            "{\"id\":null}",
            "{\"rev\":\"1\"}",
            "{\"rev\":[]}",
            "{\"_x\":1}",
            "{\"\\u005fx\":1}")) {
      assertThatThrownBy(() -> JsonText.parse(utf8(text)).document())
          .as(text)
          .isInstanceOf(InvalidRequestException.class)
          .isNotInstanceOf(MalformedJsonException.class);
    }
    assertThat(JsonText.parse(utf8("{\"a\":{\"_x\":1}}")).document().body())
        .hasToString("{\"a\":{\"_x\":1}}");
    assertThatThrownBy(() -> Body.parse("{\"id\":\"a\"}"))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void membersAndElementsAreTakenApart() {
    assertThat(JsonText.parse(utf8("[ 1, \"a,]\" , {\"x\": [2,3]}, [] ]")).elements())
        .extracting(each -> new String(each, StandardCharsets.UTF_8))
        .containsExactly("1", "\"a,]\"", "{\"x\":[2,3]}", "[]");
    List<Member> members =
        JsonText.parse(utf8("{\"a\\\"\": 1, \"b:\" : {\"c\":[]}, \"\":\"}\"}")).members();
    assertThat(members).extracting(Member::name).containsExactly("a\"", "b:", "");
    assertThat(members)
        .extracting(each -> new String(each.value(), StandardCharsets.UTF_8))
        .containsExactly("1", "{\"c\":[]}", "\"}\"");
  }

  @Test
  void randomTextIsAcceptedAsJacksonDoesAndKeepsItsTokens() throws IOException {
    long seed = Long.getLong("millrace.test.seed", ThreadLocalRandom.current().nextLong());
    Random random = new Random(seed);
    int accepted = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      value(random, text, 0);
      byte[] bytes = utf8(text.toString());
      int flips = random.nextInt(3);
      for (int flip = 0; flip < flips && bytes.length > 0; flip++) {
        byte[] choices = utf8("{}[],:\"\\ \nu0eE-.1tfn_");
        bytes[random.nextInt(bytes.length)] = choices[random.nextInt(choices.length)];
      }
      String as = "-Dmillrace.test.seed=" + seed + ", text " + i;
      JsonText parsed;
      try {
        parsed = JsonText.parse(bytes);
      } catch (MalformedJsonException e) {
        continue;
      }
      accepted++;
      assertThat(tokens(parsed.json())).as(as).isEqualTo(tokens(bytes));
      assertThat(JsonText.parse(parsed.json()).json()).as(as).isEqualTo(parsed.json());
    }
    assertThat(accepted).as("seed %s", seed).isGreaterThan(2_000);
  }

  private static List<String> tokens(byte[] text) throws IOException {
    List<String> tokens = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        tokens.add(token + " " + parser.getText());
      }
    }
    return tokens;
  }

  private static void value(Random random, StringBuilder out, int depth) {
    space(random, out);
    switch (random.nextInt(depth > 4 ? 5 : 8)) {
      case 0 -> out.append(random.nextLong());
      case 1 -> out.append(random.nextGaussian());
      case 2 -> out.append(random.nextBoolean());
      case 3 -> out.append("null");
      case 4 -> text(random, out);
      case 5 -> {
        out.append('[');
        for (int i = random.nextInt(4); i > 0; i--) {
          value(random, out, depth + 1);
          out.append(i > 1 ? "," : "");
        }
        out.append(']');
      }
      default -> {
        out.append('{');
        for (int i = random.nextInt(4); i > 0; i--) {
          space(random, out);
          text(random, out);
          space(random, out);
          out.append(':');
          value(random, out, depth + 1);
          out.append(i > 1 ? "," : "");
        }
        out.append('}');
      }
    }
    space(random, out);
  }

  private static void space(Random random, StringBuilder out) {
    if (random.nextInt(4) == 0) {
      out.append(" \n\r\t".charAt(random.nextInt(4)));
    }
  }

  private static void text(Random random, StringBuilder out) {
    String[] parts = {
      "a", "id", "\\\"", "\\\\", "\\u0041", "é", "😀", "\\ud83d\\ude00", "{", "]", ",", ":", " "
    };
    out.append('"');
    for (int i = random.nextInt(6); i > 0; i--) {
      out.append(parts[random.nextInt(parts.length)]);
    }
    out.append('"');
  }
}
