package io.millrace.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class JsonTest {
  @Test
  void membersAreTakenOutAndTheRestStaysAsItIs() {
    String text = "{ \"rev\" : \"1\" , \"a\\\"\":1.0E+2,\"b\":{\"rev\":[1 ,2]} , \"id\":3}";
    assertThat(Json.without(text, Set.of("rev", "id")))
        .isEqualTo("{\"a\\\"\":1.0E+2,\"b\":{\"rev\":[1 ,2]}}");
    assertThat(Json.without("{}", Set.of("rev"))).isEqualTo("{}");
    assertThat(Json.without("{\"rev\":1}", Set.of("rev"))).isEqualTo("{}");
    assertThatThrownBy(() -> Json.without("[1]", Set.of()))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> Json.without("{\"a\":}", Set.of()))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void valuesKeepTheirText() {
    assertThat(Json.values("{\"a:\\\"b\" : 1.50 ,\"c\":\"\\u00e9\",\"d\":[ 1 ]}"))
        .containsExactly(
            Map.entry("a:\"b", "1.50"), Map.entry("c", "\"\\u00e9\""), Map.entry("d", "[ 1 ]"));
  }

  @Test
  void prettyKeepsNumbers() {
    assertThat(Json.pretty("{\"a\":1.50E+1,\"b\":[]}")).contains("1.50E+1").hasLineCount(4);
  }
}
