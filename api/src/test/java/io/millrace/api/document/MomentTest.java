package io.millrace.api.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {
  @Test
  void sequencesTimesAndRevisionsAreToldApart() {
    String revision = "3-0123456789abcdef0123456789abcdef";
    assertThat(Moment.parse("17")).isEqualTo(Moment.of(17));
    assertThat(Moment.parse("0")).isEqualTo(Moment.of(0));
    assertThat(Moment.parse(revision)).isEqualTo(Moment.of(Revision.parse(revision)));
    assertThat(Moment.parse("2026-01-31T12:00:00Z"))
        .isEqualTo(Moment.of(Instant.parse("2026-01-31T12:00:00Z")));
    assertThat(Moment.parse("2026-01-31T12:00:00.5+01:30"))
        .isEqualTo(Moment.of(Instant.parse("2026-01-31T10:30:00.5Z")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-01-31T12:00:00", "2026-01-31", "2026-01-31T12:00"})
  void timeWithoutZoneIsRefusedAsSuch(String text) {
    assertThatThrownBy(() -> Moment.parse(text))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("zone")
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        "1.5",
        "yesterday",
        "99999999999999999999",
        "٣",
        "2026-02-30T12:00:00Z",
        "1-0123456789abcdef",
        "0-0123456789abcdef0123456789abcdef"
      })
  void whatIsNoMomentIsRefused(String text) {
    assertThatThrownBy(() -> Moment.parse(text)).isInstanceOf(InvalidRequestException.class);
  }
}
