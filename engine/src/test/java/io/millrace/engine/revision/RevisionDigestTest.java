package io.millrace.engine.revision;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.document.Revision;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RevisionDigestTest {
  private final RevisionDigest digest = new RevisionDigest();

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The values were computed with Python's hashlib from the bytes that the class describes. */
  @Test
  void revisionsAreThoseOfTheDescription() {
    Revision first = digest.next(null, false, utf8("{\"year\":1979}"));
    assertThat(first).hasToString("1-4e492560d0489daacc702351cd910e5b");
    Revision second = digest.next(first, false, utf8("{\"year\":1980}"));
    assertThat(second).hasToString("2-686d9886dfe50fa2d961e68976bde46b");
    assertThat(digest.next(second, true, utf8("{}")))
        .hasToString("3-ce93f613e4b62e307ff562cfeaca66a1");
  }

  @Test
  void theSameEditIsTheSameRevisionAndEveryPartMatters() {
    Revision parent = digest.next(null, false, utf8("{}"));
    Revision sameGeneration = digest.next(null, false, utf8("{\"a\":1}"));
    assertThat(new RevisionDigest().next(null, false, utf8("{}"))).isEqualTo(parent);
    Set<Revision> different =
        Set.of(
            parent,
            digest.next(null, true, utf8("{}")),
            digest.next(null, false, utf8("{ }")),
            digest.next(parent, false, utf8("{}")),
            digest.next(parent, true, utf8("{}")),
            digest.next(parent, false, utf8("{\"a\":1}")),
            digest.next(sameGeneration, false, utf8("{}")));
    assertThat(different).hasSize(7);
  }
}
