package io.millrace.rest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.SequenceRange;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ParametersTest {
  @Test
  void valuesAreDecodedAsFormsAre() {
    Parameters parameters = Parameters.of("a=x+y%2Bz&b=%C3%A9&c&d=&&ids=a%2Cb,c");
    assertThat(parameters.text("a")).isEqualTo("x y+z");
    assertThat(parameters.text("b")).isEqualTo("é");
    assertThat(parameters.text("c")).isEmpty();
    assertThat(parameters.text("none")).isNull();
    assertThat(parameters.encodedText("ids")).isEqualTo("a%2Cb,c");
  }

  @ParameterizedTest
  @CsvSource({"250,250", "250ms,250", "2s,2000", "1m,60000", "1h,3600000", "PT1.5S,1500"})
  void durationsHaveManyForms(String text, long millis) {
    assertThat(Parameters.of("t=" + text).duration("t", Duration.ZERO).toMillis())
        .isEqualTo(millis);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1d", "", "soon", "25h", "PT-1S"})
  void otherDurationsAreRefused(String text) {
    assertThatThrownBy(() -> Parameters.of("t=" + text).duration("t", Duration.ZERO))
        .hasMessageContaining("'t'");
  }

  @Test
  void boundsOfARangeAreIntersected() {
    assertThat(Parameters.of("gt=3&gte=2&lt=10&lte=20&limit=5&reverse=true").sequenceRange())
        .isEqualTo(new SequenceRange(4, 9, true, 5));
    assertThat(Parameters.of("since=7").sequenceRange()).isEqualTo(SequenceRange.after(7));
    assertThat(Parameters.of("since=now").sequenceRange()).isEqualTo(SequenceRange.all());
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=-1", "limit=", "limit=1.5", "gt=x", "limit=99999999999999999999"})
  void numbersThatAreNoneAreRefusedByName(String query) {
    assertThatThrownBy(() -> Parameters.of(query).sequenceRange())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("'" + query.substring(0, query.indexOf('=')) + "'");
  }

  @Test
  void aParameterGivenTwiceIsRefused() {
    assertThatThrownBy(() -> Parameters.of("a=1&a=1")).hasMessageContaining("twice");
  }
}
