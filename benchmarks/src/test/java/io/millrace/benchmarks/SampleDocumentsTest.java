package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleDocumentsTest {
  private static final int TOTAL = 1_000;

  @Test
  void bodiesHaveTwoHundredBytes() {
    for (int number : new int[] {0, 1, 999, 123_456, 999_999}) {
      assertThat(SampleDocuments.body(number, 1_000_000).getBytes(StandardCharsets.UTF_8))
          .hasSize(SampleDocuments.BYTES);
    }
  }

  @Test
  void everyCityHasTheSameNumberOfDocuments() throws Exception {
    Map<String, Integer> documents = new HashMap<>();
    for (int number = 0; number < TOTAL; number++) {
      JsonNode body = JsonMapper.builder().build().readTree(SampleDocuments.body(number, TOTAL));
      documents.merge(body.get("city").asText(), 1, Integer::sum);
    }
    assertThat(documents)
        .hasSize(SampleDocuments.cities(TOTAL))
        .allSatisfy((city, count) -> assertThat(count).isEqualTo(SampleDocuments.PER_CITY));
  }

  @Test
  void importLinesAreBodiesWithAnId() throws Exception {
    JsonNode line = JsonMapper.builder().build().readTree(SampleDocuments.importLine(7, TOTAL));
    assertThat(line.get("id").asText()).isEqualTo(SampleDocuments.id(7));
    assertThat(line.get("name").asText()).isEqualTo("name-00000007");
  }

  @Test
  void flumeRecordsAreAllOfOneLength() {
    assertThat(FlumeRecords.make())
        .hasSize(FlumeRecords.COUNT)
        .allSatisfy(record -> assertThat(record).hasSize(FlumeRecords.BYTES))
        .doesNotHaveDuplicates();
  }
}
