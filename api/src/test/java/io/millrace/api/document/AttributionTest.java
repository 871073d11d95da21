package io.millrace.api.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributionTest {
  @Test
  void longestAndMultilineAreTaken() {
    Attribution longest = new Attribution("é".repeat(256), "\ud83d\ude00".repeat(4_096));
    assertThat(Attribution.require(longest)).isSameAs(longest);
    Attribution lines = new Attribution("Ann <ann@example.org>", "one\n\ttwo\r\nthree");
    assertThat(Attribution.require(lines)).isSameAs(lines);
    assertThat(Attribution.require(Attribution.none())).isSameAs(Attribution.none());
  }

  @Test
  void longerOnesAreRefusedByName() {
    assertRefused(new Attribution("é".repeat(256) + "a", null), "author", "512");
    assertRefused(new Attribution(null, "a".repeat(16_385)), "message", "16384");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000", "\u0007", "\u0085", "\u007f", "\ud800", "\ude00\ud83d"})
  void charactersThatNobodyTypesAreRefused(String text) {
    assertRefused(new Attribution(text, null), "author", "must not hold");
    assertRefused(new Attribution(null, text), "message", "must not hold");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\tb", "\r"})
  void authorsHaveOneLine(String text) {
    assertRefused(new Attribution(text, null), "author", "control");
  }

  private static void assertRefused(Attribution attribution, String... parts) {
    assertThatThrownBy(() -> Attribution.require(attribution))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.code()).isEqualTo("invalid-attribution"))
        .hasMessageContainingAll(parts);
  }
}
