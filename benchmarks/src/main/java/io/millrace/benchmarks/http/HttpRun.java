package io.millrace.benchmarks.http;

import io.millrace.benchmarks.SampleDocuments;
import io.millrace.benchmarks.TemporaryFolder;
import io.millrace.benchmarks.http.HttpOptions.Phase;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of the harness: the phases, in their order, on one server with one data folder. */
final class HttpRun implements AutoCloseable {
  private static final Set<Phase> NEED_DOCUMENTS =
      Set.of(Phase.VIEW, Phase.REQUESTS, Phase.BUCKETS, Phase.MEMORY, Phase.RESTART);

  private final HttpOptions options;
  private final Wrk wrk;
  private final Path workspace;
  private final Results results;
  private @Nullable BenchmarkServer running;
  private boolean closed;

  HttpRun(HttpOptions options, Wrk wrk, Path workspace, Results results) {
    this.options = options;
    this.wrk = wrk;
    this.workspace = workspace;
    this.results = results;
  }

  /** Measures everything that was asked for. */
  void measure() {
    Machine.describe(results.machine(), workspace);
    if (wants(Phase.START)) {
      startEmpty();
    }
    if (wants(Phase.IMPORT)) {
      importRepeatedly();
    }
    Path folder = folder("main");
    BenchmarkServer server = start(folder);
    if (options.phases().stream().anyMatch(NEED_DOCUMENTS::contains)) {
      importOnce(server, "bench", "import-cold", "import into a server just started");
    }
    if (wants(Phase.VIEW) || wants(Phase.REQUESTS)) {
      recorded(server, "view", () -> new ViewBuilds(options, results, server.client()).measure());
    }
    RequestLoads loads = new RequestLoads(options, wrk, results, server);
    if (wants(Phase.REQUESTS)) {
      loads.warmUp();
      for (Comparison comparison : Comparison.REQUESTS) {
        if (options.cases().contains(comparison.name())) {
          recorded(server, comparison.name(), () -> loads.measure(comparison));
        }
      }
    }
    if (wants(Phase.SAME)) {
      recorded(server, "same", loads::measureSame);
    }
    if (wants(Phase.BUCKETS)) {
      recorded(server, "buckets", loads::measureBuckets);
    }
    if (wants(Phase.MEMORY)) {
      results.occupied("after everything above", server.memory());
    }
    server.stop();
    if (wants(Phase.RESTART)) {
      restarts(folder);
    }
  }

  private boolean wants(Phase phase) {
    return options.phases().contains(phase);
  }

  private Path folder(String name) {
    try {
      return Files.createDirectories(workspace.resolve(name));
    } catch (IOException e) {
      throw new HarnessException("no folder " + name + " in " + workspace, e);
    }
  }

  private BenchmarkServer start(Path folder) {
    BenchmarkServer server = launch(folder);
    server.awaitReady();
    return server;
  }

  /** Never starts a server that {@link #close} does not see. */
  private synchronized BenchmarkServer launch(Path folder) {
    if (closed) {
      throw new HarnessException("interrupted");
    }
    BenchmarkServer server = BenchmarkServer.launch(options, folder);
    running = server;
    return server;
  }

  private void recorded(BenchmarkServer server, String name, Runnable part) {
    Path profiles = options.profiles();
    if (profiles == null) {
      part.run();
      return;
    }
    try {
      Files.createDirectories(profiles);
    } catch (IOException e) {
      throw new HarnessException(profiles + " could not be made", e);
    }
    server.startRecording();
    part.run();
    server.stopRecording(profiles.resolve(name + ".jfr"));
  }

  private void startEmpty() {
    for (int round = 0; round < options.rounds(); round++) {
      try (TemporaryFolder empty = new TemporaryFolder(folder("empty"));
          BenchmarkServer server = start(empty.path())) {
        measuredStart("start-empty", "start to ready, empty", server);
        server.stop();
      }
    }
  }

  private void measuredStart(String name, String title, BenchmarkServer server) {
    results.measured(name, title, "s", server.untilReady().toNanos() / 1e9);
  }

  private void importRepeatedly() {
    try (TemporaryFolder scratch = new TemporaryFolder(folder("import"));
        BenchmarkServer server = start(scratch.path())) {
      importOnce(server, "warm-up", "import-cold", "import into a server just started");
      recorded(
          server,
          "import",
          () -> {
            for (int round = 0; round < options.rounds(); round++) {
              importOnce(server, "import" + round, "import", "import");
            }
          });
      results.occupied("after the imports", server.memory());
      server.stop();
    }
  }

  private void importOnce(BenchmarkServer server, String bucket, String name, String title) {
    Path file = documents();
    long begun = System.nanoTime();
    long imported = server.client().importLines(bucket, file).path("imported").asLong();
    double seconds = (System.nanoTime() - begun) / 1e9;
    if (imported != options.documents()) {
      throw new HarnessException(
          "imported " + imported + " documents of " + options.documents() + " into " + bucket);
    }
    results.measured(name, title, "documents/s", imported / seconds);
  }

  /** The documents as lines for an import, made at the first call. */
  private Path documents() {
    Path file = workspace.resolve("documents.ndjson");
    if (!Files.exists(file)) {
      try (BufferedWriter lines = Files.newBufferedWriter(file)) {
        for (int i = 0; i < options.documents(); i++) {
          lines.write(SampleDocuments.importLine(i, options.documents()));
          lines.write('\n');
        }
      } catch (IOException e) {
        throw new HarnessException(file + " could not be written", e);
      }
    }
    return file;
  }

  private void restarts(Path folder) {
    for (int round = 0; round < options.rounds(); round++) {
      BenchmarkServer server = start(folder);
      measuredStart("start-clean", "start to ready, after a clean stop", server);
      checked(server);
      killUnderLoad(server);
      server = start(folder);
      measuredStart("start-killed", "start to ready, killed under PUT load", server);
      checked(server);
      server.stop();
    }
    BenchmarkServer server = start(folder);
    importOnce(server, "again", "import-cold", "import into a server just started");
    server.kill();
    server = start(folder);
    measuredStart("start-killed-import", "start to ready, killed right after an import", server);
    checked(server);
    server.stop();
  }

  private void killUnderLoad(BenchmarkServer server) {
    try {
      Duration twice = options.run().multipliedBy(2);
      Process load = wrk.start(Comparison.BUCKETS.base(), server.uri(), 64, twice);
      try {
        load.waitFor(options.run().toMillis(), TimeUnit.MILLISECONDS);
        server.kill();
      } finally {
        load.destroyForcibly();
        load.waitFor();
      }
    } catch (IOException e) {
      throw new HarnessException("wrk could not be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HarnessException("interrupted", e);
    }
  }

  private void checked(BenchmarkServer server) {
    long there = server.client().get("/bench").path("documents").asLong();
    if (there != options.documents()) {
      throw new HarnessException(
          "after a restart there are " + there + " documents, not " + options.documents());
    }
  }

  /**
   * Ends the server that runs, if one does, and starts no more. May be called from any thread, to
   * clean up after an interrupt.
   */
  @Override
  public synchronized void close() {
    closed = true;
    if (running != null) {
      running.close();
    }
  }
}
