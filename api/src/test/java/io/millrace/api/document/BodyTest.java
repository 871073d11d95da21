package io.millrace.api.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import org.junit.jupiter.api.Test;

class BodyTest {
  @Test
  void aTreeKeepsNumbersBeyondDoubleAndLong() {
    Body body = Body.parse("{\"big\":123456789012345678901234567890,\"e\":1.5E+400,\"z\":0.10}");
    Body again = Body.of(body.tree());
    assertThat(again)
        .hasToString("{\"big\":123456789012345678901234567890,\"e\":1.5E+400,\"z\":0.10}");
  }

  @Test
  void aTreeHoldsLongTextsAndRefusesEndlessNumbers() {
    String text = "x".repeat(21_000_000);
    assertThat(Body.parse("{\"a\":\"" + text + "\"}").tree().get("a").textValue())
        .hasSize(21_000_000);
    Body endless = Body.parse("{\"a\":" + "1".repeat(20_000) + "}");
    assertThatThrownBy(endless::tree).isInstanceOf(InvalidRequestException.class);
    Body enormous = Body.parse("{\"a\":1e99999999999}");
    assertThatThrownBy(enormous::tree).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void equalTextIsAnEqualBody() {
    assertThat(Body.parse("{ \"a\" : 1 }")).isEqualTo(Body.parse("{\"a\":1}"));
    assertThat(Body.parse("{\"a\":1}")).hasSameHashCodeAs(Body.parse("{\"a\":1}"));
    assertThat(Body.parse("{\"a\":1.0}")).isNotEqualTo(Body.parse("{\"a\":1}"));
    assertThat(Body.EMPTY).isEqualTo(Body.parse("{}"));
  }
}
