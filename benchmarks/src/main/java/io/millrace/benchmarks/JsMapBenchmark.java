package io.millrace.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
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
 * JavaScript map functions over documents of 200 bytes, from the JSON text to the rows in a batch;
 * the batch is not written. One operation is one document.
 */
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx256m", "-Dpolyglot.engine.WarnInterpreterOnly=false"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 3)
@State(Scope.Benchmark)
public class JsMapBenchmark {
  private static final int BATCH = 1000;

  @Param({"js"})
  public String view = "";

  @Param({"memory"})
  public String store = "";

  @Param({
    "function(doc){ return doc.city }",
    "function(doc){ emit(doc.city, doc.name); emit(doc.name, null) }"
  })
  public String map = "";

  private @Nullable ModuleFixture modules;
  private @Nullable Store rows;
  private @Nullable ViewFactory views;
  private @Nullable View opened;
  private ViewBatch changes = new ViewBatch(List.of(), true);

  @Setup(Level.Trial)
  public void open() {
    modules = new ModuleFixture();
    rows = modules.store(store);
    views = modules.views(view);
    ViewDefinition definition =
        new ViewDefinition(
            "bench", "benchmark", view, JsonNodeFactory.instance.objectNode().put("map", map));
    views.validate(definition);
    opened =
        views.open(definition, new ViewContext(rows, rows.keyspace("view"), new NoDocuments()));
    changes = new ViewBatch(SampleDocuments.changes(0, BATCH, BATCH), true);
  }

  @TearDown(Level.Trial)
  public void close() {
    Required.of(opened).close();
    Required.of(views).close();
    Required.of(rows).close();
    Required.of(modules).close();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int map() throws InterruptedException {
    try (StoreBatch batch = Required.of(rows).batch()) {
      Required.of(opened).apply(changes, batch);
      return batch.size();
    }
  }
}
