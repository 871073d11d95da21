package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs each benchmark a few times, so that the build notices one that no longer works. */
class BenchmarkSmokeTest {
  private static final int RECORDS = 2_500;

  @ParameterizedTest
  @ValueSource(strings = {"file", "memory"})
  void appendedRecordsAreInTheLog(String module) {
    LogBenchmark.Empty log = new LogBenchmark.Empty();
    log.log = module;
    log.sync = "os";
    log.open();
    long last = 0;
    for (int i = 0; i < 100; i++) {
      last = log.append().toCompletableFuture().join();
    }
    log.close();
    assertThat(last).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "memory"})
  void logReadsDeliverTheRecords(String module) {
    LogBenchmark benchmark = new LogBenchmark();
    LogBenchmark.Filled log = new LogBenchmark.Filled();
    log.log = module;
    log.records = RECORDS;
    log.fill();
    LogBenchmark.Reader reader = new LogBenchmark.Reader();
    for (int i = 0; i < RECORDS + 10; i++) {
      assertThat(benchmark.stream(log, reader)).isEqualTo((byte) '{');
    }
    reader.close();
    List<ByteBuffer> known = FlumeRecords.make().stream().map(ByteBuffer::wrap).toList();
    assertThat(known).contains(ByteBuffer.wrap(benchmark.random(log, new LogBenchmark.Places())));
    log.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rocksdb", "memory"})
  void presentKeysAreFoundAndAbsentOnesAreNot(String module) {
    StoreBenchmark benchmark = new StoreBenchmark();
    StoreBenchmark.Filled store = new StoreBenchmark.Filled();
    store.store = module;
    store.rows = 1_000;
    store.fill();
    assertThat(benchmark.getPresent(store)).isNotNull();
    assertThat(benchmark.getAbsent(store)).isNull();
    store.close();
  }

  @Test
  void revisionTreesAreOfTheDepthThatIsMeasured() {
    RevisionTreeBenchmark benchmark = new RevisionTreeBenchmark();
    benchmark.grow();
    assertThat(benchmark.pruneByOne().nodes()).hasSize(1_000);
    assertThat(benchmark.pruneNothing().nodes()).hasSize(1_000);
    assertThat(benchmark.insertForeignPath().nodes()).hasSize(1_010);
    assertThat(benchmark.insertForeignPath().leaves().size()).isEqualTo(2);
    assertThat(benchmark.growSingle().size()).isEqualTo(1);
  }

  @Test
  void mapGivesARowForEachDocument() throws InterruptedException {
    JsMapBenchmark benchmark = new JsMapBenchmark();
    benchmark.view = "js";
    benchmark.store = "memory";
    benchmark.map = "function(doc){ return doc.city }";
    benchmark.open();
    assertThat(benchmark.map()).isGreaterThanOrEqualTo(1_000);
    benchmark.close();
  }
}
