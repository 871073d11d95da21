package io.millrace.rest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.tck.Seed;
import io.vertx.core.http.impl.HttpUtils;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathSegmentsTest {
  /** What a resource sees of the second segment after routing has had its way with the path. */
  private static String routed(String rawPath) {
    String path = PathSegments.endangered(rawPath) ? PathSegments.protect(rawPath) : rawPath;
    String[] segments = HttpUtils.normalizePath(path).split("/");
    assertThat(segments).as(rawPath + " as " + path).hasSize(3);
    assertThat(segments[2]).doesNotContain(";");
    return PathSegments.decode(segments[2]);
  }

  @ParameterizedTest
  @CsvSource({
    "plain,plain", "..,..", ".,.", "%2E%2e,..", "a;b,a;b", "a%3Bb,a;b", "a%2Fb,a/b",
    "..%2F..,../..", "%25,%", "%252E,%2E", "a+b,a+b", "%F0%9F%98%80,😀", ".a,.a", "a..b,a..b"
  })
  void segmentsSurviveRouting(String raw, String expected) {
    assertThat(routed("/b/" + raw)).isEqualTo(expected);
  }

  @Test
  void emptySegmentsAreSeen() {
    assertThat(PathSegments.protect("/b//")).isEqualTo("/b/%01/");
    assertThat(PathSegments.decode("%01")).isEmpty();
    assertThat(PathSegments.protect("/b/")).isEqualTo("/b/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "a+b", "018f2d3c-7b1a-7c00-8000-0123456789ab", "$()~!*'"})
  void segmentsWithoutEscapesAreTakenAsTheyAre(String segment) {
    assertThat(PathSegments.decode(segment)).isSameAs(segment);
    assertThat(Names.idOfSegment(segment)).isSameAs(segment);
  }

  @Test
  void markCannotBeForged() {
    String forged = "/b/%012e2e";
    assertThat(PathSegments.endangered(forged)).isTrue();
    assertThat(routed(forged)).isEqualTo("\u00012e2e");
  }

  @Test
  void rawBytesAreUtf8() {
    assertThat(routed("/b/\u00c3\u00a9")).isEqualTo("é");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%2", "%zz", "%ff", "%c3x", "%ed%a0%80", "%2%2"})
  void malformedEscapesAreRefused(String segment) {
    assertThatThrownBy(() -> routed("/b/" + segment)).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void encodingAndRoutingAreInverse() {
    Seed seed = Seed.next();
    Random random = seed.random();
    for (int round = 0; round < 5_000; round++) {
      StringBuilder id = new StringBuilder();
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        int kind = random.nextInt(4);
        id.appendCodePoint(
            kind == 0
                ? "./;%+~ ".charAt(random.nextInt(7))
                : kind == 1 ? 0x1f600 + random.nextInt(50) : 0x20 + random.nextInt(0x300));
      }
      assertThat(routed("/b/" + PathSegments.percentEncode(id.toString())))
          .as("%s", seed)
          .isEqualTo(id.toString());
    }
  }
}
