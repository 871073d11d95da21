package io.millrace.rest.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class JsonWriterTest {
  @Test
  void commasStandBetweenNeighboursOnly() {
    JsonWriter json = new JsonWriter(1).startObject();
    json.name("a").number(1).name("b").startArray().string("x").bool(true).string(null);
    json.startObject()
        .endObject()
        .endArray()
        .name("c")
        .json("[1]".getBytes(StandardCharsets.UTF_8));
    json.membersOf("{\"d\":2}".getBytes(StandardCharsets.UTF_8));
    json.membersOf("{}".getBytes(StandardCharsets.UTF_8));
    json.endObject();
    assertThat(json.toString()).isEqualTo("{\"a\":1,\"b\":[\"x\",true,null,{}],\"c\":[1],\"d\":2}");
  }

  @Test
  void linesAreNoNeighbours() {
    JsonWriter json = new JsonWriter(8);
    json.startObject().endObject().newLine().startObject().endObject().newLine();
    assertThat(json.toString()).isEqualTo("{}\n{}\n");
  }

  @Test
  void everyStringIsReadBackAsItWas() throws Exception {
    StringBuilder all = new StringBuilder();
    for (int c = 0; c < 0x3000; c++) {
      all.append((char) c);
    }
    all.append("😀\uffff€");
    JsonWriter json = new JsonWriter(4);
    json.string(all.toString());
    assertThat(new ObjectMapper().readTree(json.toByteArray()).textValue())
        .isEqualTo(all.toString());
  }
}
