package io.millrace.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsPageTest {
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private final Results results =
      new Results(CLOCK, "--quick", new PrintStream(PrintStream.nullOutputStream()));

  private static ObjectNode load(int requests, int failed) {
    return Wrk.result(
        "Running 2s test\n"
            + "millrace-result {\"requests\":"
            + requests
            + ",\"micros\":1000000,\"status_errors\":"
            + failed
            + ",\"socket_errors\":0,\"p50\":1500,\"p90\":2000,\"p99\":3000,\"p999\":4000}\n");
  }

  @Test
  void ratiosAreTakenWithinEachRound() {
    Comparison get = Comparison.REQUESTS.get(1);
    results.compared(get, 64, load(80, 0), load(100, 0));
    results.compared(get, 64, load(30, 0), load(40, 0));
    results.compared(get, 64, load(70, 0), load(100, 0));
    String page = ResultsPage.render(results.json(), null, Map.of());
    assertThat(page)
        .contains("| GET of existing documents | 64 | 70 (30..80) | 100 (40..100) |")
        .contains("| 75 % (70 %..80 %) | 1.50 |")
        .contains("next to the no-op GET | 70 % | 75 % (70 %..80 %) | reached |");
  }

  @Test
  void failedRequestsDoNotCountAndAreShown() {
    results.compared(Comparison.REQUESTS.get(0), 64, load(100, 90), load(100, 0));
    assertThat(ResultsPage.render(results.json(), null, Map.of()))
        .contains("| 64 | 10 | 100 | 10 % |")
        .contains("| 90 |\n")
        .contains("next to the no-op PUT | 40 % | 10 % | **missed** |");
  }

  @Test
  void boundsFromAboveAreKept() {
    results.measured("start-empty", "start to ready, empty", "s", 1.5);
    results.measured("start-clean", "start to ready, after a clean stop", "s", 3.5);
    assertThat(ResultsPage.render(results.json(), null, Map.of()))
        .contains("| start to ready, empty | at most 2.00 s | 1.50 s | reached |")
        .contains("| start to ready, after a clean stop | at most 3.00 s | 3.50 s | **missed** |")
        .contains("| import, documents/s | 60,000 | not measured |");
  }

  @Test
  void jmhResultsAreFoundByNameAndParameters() throws Exception {
    JsonNode jmh =
        JsonMapper.builder()
            .build()
            .readTree(
                """
                [{"benchmark": "io.millrace.benchmarks.LogBenchmark.append",
                  "params": {"log": "file", "sync": "always"},
                  "primaryMetric": {"rawData": [[20000.0, 30000.0]]}},
                 {"benchmark": "io.millrace.benchmarks.LogBenchmark.append",
                  "params": {"log": "file", "sync": "os"},
                  "primaryMetric": {"rawData": [[600000.0, 700000.0, 800000.0]]}}]
                """);
    assertThat(ResultsPage.render(results.json(), jmh, Map.of()))
        .contains("`sync=os`, records/s | 500,000 | 700,000 (600,000..800,000) | reached |")
        .contains(
            "| LogBenchmark.append | log = `file`, sync = `always` | 25,000 (20,000..30,000)");
  }

  @Test
  void theEngineIsShownNextToTheBareStore() throws Exception {
    JsonNode jmh =
        JsonMapper.builder()
            .build()
            .readTree(
                """
                [{"benchmark": "io.millrace.benchmarks.EngineBenchmark.commit",
                  "params": {"log": "file", "store": "leveldb"},
                  "primaryMetric": {"rawData": [[40.0, 60.0, 80.0]]}},
                 {"benchmark": "io.millrace.benchmarks.EngineBenchmark.rows",
                  "params": {"store": "leveldb"},
                  "primaryMetric": {"rawData": [[90.0, 100.0, 110.0]]}}]
                """);
    assertThat(ResultsPage.render(results.json(), jmh, Map.of()))
        .contains("over leveldb, next to their rows in it directly | 50 % | 60 % (40 %..80 %)");
  }

  @Test
  void everyChoiceOfLogAndStoreHasItsRow() {
    results.measured("import", "import", "documents/s", 50_000);
    results.compared(Comparison.REQUESTS.get(1), 64, load(80, 0), load(100, 0));
    assertThat(ResultsPage.render(results.json(), null, Map.of("leveldb", results.json())))
        .contains("| leveldb | 50,000 |  |  | 80 / 80 % |  |  |");
  }

  @Test
  void outputWithoutResultIsRefusedWithTheOutput() {
    assertThatThrownBy(() -> Wrk.result("unable to connect"))
        .isInstanceOf(HarnessException.class)
        .hasMessageContaining("unable to connect");
  }

  @Test
  void heapAndMemoryAreReadFromWhatTheSystemPrints() {
    assertThat(
            RestClient.heapUsedBytes(
                """
                jvm_memory_used_bytes{area="heap",id="Eden Space"} 1048576.0
                jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 5.0E7
                jvm_memory_used_bytes{area="heap",id="Tenured Gen"} 2.097152E6
                """))
        .isEqualTo(3 << 20);
    assertThat(ServerMemory.value(List.of("VmHWM:\t  2048 kB", "VmRSS:\t  1024 kB"), "VmRSS"))
        .isEqualTo(1024);
  }
}
