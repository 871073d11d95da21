package io.millrace.rest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.document.Revision;
import io.millrace.api.error.InvalidRequestException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeadersTest {
  private static final Revision REVISION = Revision.parse("1-9c1185a5c5e9fc54612808977ee8f548");

  private static EntityTags tags(String header) {
    return Objects.requireNonNull(EntityTags.parse(header));
  }

  @Test
  void entityTagsAreListsWeakOnesAndStars() {
    assertThat(EntityTags.parse(null)).isNull();
    assertThat(tags("*").matchesStrongly(REVISION)).isTrue();
    assertThat(tags("\"x\", \"" + REVISION + "\"").matchesStrongly(REVISION)).isTrue();
    assertThat(tags("W/\"" + REVISION + "\"").matchesStrongly(REVISION)).isFalse();
    assertThat(tags("W/\"" + REVISION + "\"").matchesWeakly(REVISION)).isTrue();
    assertThat(tags(REVISION.toString()).revisions()).containsExactly(REVISION);
    assertThat(EntityTags.of(REVISION)).isEqualTo("\"" + REVISION + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"\"x", "W/x", "a b", "','"})
  void malformedEntityTagsAreRefused(String header) {
    assertThatThrownBy(() -> EntityTags.parse(header)).isInstanceOf(InvalidRequestException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/x-ndjson|application/x-ndjson",
        "text/html, */*;q=0.1|application/json",
        "application/*|application/json",
        "application/json;q=0.5, application/x-ndjson|application/x-ndjson",
        "application/json;q=0, */*|application/x-ndjson",
        "text/event-stream;q=0.9, application/x-ndjson;q=0.1|application/x-ndjson"
      })
  void bestOfferedTypeIsChosen(String accept, String chosen) {
    assertThat(MediaTypes.negotiate(accept, MediaTypes.JSON, MediaTypes.NDJSON)).isEqualTo(chosen);
  }

  @Test
  void nothingAcceptableIsAProblem() {
    assertThatThrownBy(() -> MediaTypes.negotiate("text/html", MediaTypes.JSON))
        .isInstanceOf(ProblemException.class);
  }
}
