package io.millrace.api.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionTest {
  @Test
  void theTextFormIsReadBack() {
    Revision revision = new Revision(17, 0x00ff, -1L);
    assertThat(revision).hasToString("17-00000000000000ffffffffffffffffff");
    assertThat(Revision.parse(revision.toString())).isEqualTo(revision);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "-",
        "1-",
        "0-00000000000000000000000000000000",
        "-1-00000000000000000000000000000000",
        "+1-00000000000000000000000000000000",
        "1-0000000000000000000000000000000",
        "1-000000000000000000000000000000000",
        "1-0000000000000000000000000000000g",
        "2147483648-00000000000000000000000000000000",
        "1 -00000000000000000000000000000000",
        "x-00000000000000000000000000000000"
      })
  void everythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Revision.parse(text))
        .isInstanceOf(InvalidRequestException.class)
        .extracting("code")
        .isEqualTo("invalid-revision");
  }

  @Test
  void orderIsByGenerationThenByUnsignedDigest() {
    assertThat(new Revision(2, 0, 0)).isGreaterThan(new Revision(1, -1, -1));
    assertThat(new Revision(1, -1, 0)).isGreaterThan(new Revision(1, 1, 0));
    assertThat(new Revision(1, 1, -1)).isGreaterThan(new Revision(1, 1, 1));
    assertThat(new Revision(1, 1, 1)).isEqualByComparingTo(new Revision(1, 1, 1));
  }

  @Test
  void generationsBeginWithOne() {
    assertThatThrownBy(() -> new Revision(0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
