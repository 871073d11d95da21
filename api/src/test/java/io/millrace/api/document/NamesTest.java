package io.millrace.api.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.api.error.InvalidRequestException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  private static final Pattern BUCKET = Pattern.compile("[a-z][a-z0-9_$()+-]{0,237}");

  /** All but the length: the class Cc, and surrogates without their partner, which are Cs. */
  private static final Pattern ID = Pattern.compile("[^_\\p{Cc}\\p{Cs}][^\\p{Cc}\\p{Cs}]*");

  private static final int[] EDGES = {
    0, 0x1f, ' ', '/', '%', '_', '.', 0x7e, 0x7f, 0x80, 0x9f, 0xa0, 0x7ff, 0x800, 0xd7ff, 0xd800,
    0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x10ffff
  };

  private static boolean isBucketName(String name) {
    return accepted(() -> BucketName.require(name), "invalid-bucket-name");
  }

  private static boolean isId(String id) {
    boolean accepted = accepted(() -> DocumentId.require(id), "invalid-id");
    assertThat(DocumentId.fault(id) == null).isEqualTo(accepted);
    return accepted;
  }

  private static boolean accepted(Runnable check, String code) {
    Throwable refusal = catchThrowable(check::run);
    if (refusal != null) {
      assertThat(refusal)
          .isInstanceOfSatisfying(
              InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
    return refusal == null;
  }

  /** The length in UTF-8 as the JDK's encoder has it; too long when it refuses the text. */
  private static int encodedLength(String text) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)).remaining();
    } catch (CharacterCodingException e) {
      return Integer.MAX_VALUE;
    }
  }

  private static String hex(String text) {
    return HexFormat.ofDelimiter(" ").formatHex(text.getBytes(StandardCharsets.UTF_16BE));
  }

  @Test
  void bucketNamesAreThoseOfThePattern() {
    long seed = Long.getLong("millrace.test.seed", ThreadLocalRandom.current().nextLong());
    Random random = new Random(seed);
    String usual = "abcxyz0189_$()+-";
    int fitting = 0;
    for (int round = 0; round < 50_000; round++) {
      int length = random.nextInt(4) == 0 ? 236 + random.nextInt(5) : random.nextInt(8);
      StringBuilder name = new StringBuilder();
      for (int i = 0; i < length; i++) {
        int other = random.nextInt(3) == 0 ? random.nextInt(0x180) : '`' + random.nextInt(30);
        boolean odd = random.nextInt(length + 8) == 0;
        name.append(odd ? (char) other : usual.charAt(random.nextInt(i == 0 ? 6 : 16)));
      }
      boolean expected = BUCKET.matcher(name).matches();
      assertThat(isBucketName(name.toString()))
          .as("-Dmillrace.test.seed=%s: %s", seed, hex(name.toString()))
          .isEqualTo(expected);
      fitting += expected ? 1 : 0;
    }
    assertThat(fitting).isBetween(10_000, 49_000);
  }

  @Test
  void everyCharacterIsJudgedAsThePatternDoes() {
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      for (String name : new String[] {"" + (char) c, "a" + (char) c}) {
        assertThat(isBucketName(name)).as(hex(name)).isEqualTo(BUCKET.matcher(name).matches());
        assertThat(isId(name)).as(hex(name)).isEqualTo(ID.matcher(name).matches());
      }
    }
  }

  @Test
  void idsAreThoseOfThePatternAndTheEncoder() {
    long seed = Long.getLong("millrace.test.seed", ThreadLocalRandom.current().nextLong());
    Random random = new Random(seed);
    int fitting = 0;
    for (int round = 0; round < 50_000; round++) {
      String id = randomId(random);
      boolean expected = ID.matcher(id).matches() && encodedLength(id) <= 512;
      assertThat(isId(id)).as("-Dmillrace.test.seed=%s: %s", seed, hex(id)).isEqualTo(expected);
      fitting += expected ? 1 : 0;
    }
    assertThat(fitting).isBetween(10_000, 49_000);
  }

  /** Often as long as an id may just be, seldom with a character at an edge of the rule. */
  private static String randomId(Random random) {
    int bytes = random.nextInt(3) == 0 ? 509 + random.nextInt(8) : random.nextInt(12);
    int widest = 1 + random.nextInt(4);
    StringBuilder id = new StringBuilder();
    while (bytes > 0) {
      if (random.nextInt(bytes + 40) == 0) {
        id.appendCodePoint(EDGES[random.nextInt(EDGES.length)]);
        bytes--;
        continue;
      }
      int width = Math.min(bytes, 1 + random.nextInt(widest));
      id.appendCodePoint(
          switch (width) {
            case 1 -> 'A' + random.nextInt(26);
            case 2 -> 0xa0 + random.nextInt(0x700);
            case 3 -> 0x800 + random.nextInt(0x800);
            default -> 0x10000 + random.nextInt(0x1000);
          });
      bytes -= width;
    }
    return id.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "é", "€", "😀"})
  void idsMayHave512BytesAndNotOneMore(String character) {
    int bytes = character.getBytes(StandardCharsets.UTF_8).length;
    String longest = character.repeat(512 / bytes) + "x".repeat(512 % bytes);
    assertThat(DocumentId.require(longest)).isSameAs(longest);
    assertThatThrownBy(() -> DocumentId.require(longest + "x"))
        .hasMessage("a document's id must not be longer than 512 bytes of UTF-8; this one has 513");
  }

  @Test
  void refusalsSayWhyAndStayShort() {
    assertThat(DocumentId.fault("")).isEqualTo("must not be empty");
    assertThat(DocumentId.fault("_design")).contains("begin with _").endsWith(": _design");
    assertThat(DocumentId.fault("a\nb")).endsWith("control characters: there is one at position 2");
    assertThat(DocumentId.fault("a\ud83d")).contains("surrogate");
    assertThat(DocumentId.fault("_" + "x".repeat(600))).hasSizeLessThan(160).endsWith("x…");
    assertThatThrownBy(() -> BucketName.require("Films")).hasMessageEndingWith(", not Films");
    assertThatThrownBy(() -> BucketName.require("X".repeat(79) + "😀"))
        .hasMessageEndingWith("X".repeat(79) + "…");
  }
}
