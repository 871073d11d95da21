package io.millrace.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Indexes over documents of 200 bytes. One operation is one document, of which there are 200,000;
 * when a build is through, the next begins in a keyspace of its own.
 */
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx512m"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 3)
@State(Scope.Benchmark)
public class IndexViewBenchmark {
  private static final int BATCH = 1000;
  private static final int DOCUMENTS = 200_000;

  @Param({"rocksdb"})
  public String store = "";

  @Param({"{\"key\":\"city\"}", "{\"key\":[\"city\",\"year\"],\"value\":\"name\"}"})
  public String definition = "";

  private final List<ViewBatch> batches = new ArrayList<>();
  private @Nullable ModuleFixture modules;
  private @Nullable Store rows;
  private @Nullable ViewFactory views;
  private @Nullable View building;
  private int builds;
  private int next;

  @Setup(Level.Trial)
  public void open() {
    modules = new ModuleFixture();
    rows = modules.store(store);
    views = modules.views("index");
    for (int i = 0; i < DOCUMENTS; i += BATCH) {
      batches.add(new ViewBatch(SampleDocuments.changes(i, i + BATCH, DOCUMENTS), true));
    }
    begin();
  }

  private void begin() {
    if (building != null) {
      building.close();
      Required.of(rows).drop(Required.of(rows).keyspace("view" + builds));
    }
    builds++;
    Store present = Required.of(rows);
    building =
        Required.of(views)
            .open(
                parsed(),
                new ViewContext(present, present.keyspace("view" + builds), new NoDocuments()));
    next = 0;
  }

  private ViewDefinition parsed() {
    try {
      ObjectNode members = (ObjectNode) new ObjectMapper().readTree(definition);
      return new ViewDefinition("bench", "benchmark", "index", members);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the parameter 'definition' is not JSON", e);
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    Required.of(building).close();
    Required.of(views).close();
    Required.of(rows).close();
    Required.of(modules).close();
  }

  /** From the JSON text to the rows in a batch that is not written. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int index() throws InterruptedException {
    try (StoreBatch batch = Required.of(rows).batch()) {
      Required.of(building).apply(batches.get(next++ % batches.size()), batch);
      return batch.size();
    }
  }

  /** The same, and the batch is written. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int build() throws InterruptedException {
    if (next == batches.size()) {
      begin();
    }
    try (StoreBatch batch = Required.of(rows).batch()) {
      Required.of(building).apply(batches.get(next++), batch);
      Required.of(rows).write(batch);
      return next;
    }
  }
}
