package io.millrace.benchmarks;

import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.engine.Millrace;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
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
 * New documents through the engine, beside the index rows of as many documents written straight to
 * the same store: what the engine, its log and its checks cost on top of the store. One operation
 * is one document of 200 bytes.
 */
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g"})
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 4)
public class EngineBenchmark {
  private static final int BATCH = 100;
  private static final int IN_FLIGHT = 4;
  private static final List<Body> BODIES =
      IntStream.range(0, 1024)
          .mapToObj(number -> Body.parse(SampleDocuments.body(number, 1_000_000)))
          .toList();

  private static String id(int number) {
    return "d" + (100_000_000 + number);
  }

  /** A new database for each iteration. */
  @State(Scope.Benchmark)
  public static class Whole {
    @Param({"rocksdb"})
    public String store = "";

    /** The log, and what it forces: a log in a store is slow when it forces. */
    @Param({"file"})
    public String log = "";

    private final ArrayDeque<CompletableFuture<CommitOutcome>> flying = new ArrayDeque<>();
    private @Nullable TemporaryFolder folder;
    private @Nullable Database opened;
    private int next;

    @Setup(Level.Iteration)
    public void open() {
      folder = TemporaryFolder.create("millrace-benchmark-");
      opened =
          Millrace.in(folder.path().resolve("data"))
              .log(log, log.equals("memory") ? Map.of() : Map.of("sync", "os"))
              .store(store, Map.of())
              .open();
      next = 0;
    }

    @TearDown(Level.Iteration)
    public void close() {
      while (!flying.isEmpty()) {
        land();
      }
      Required.of(opened).close();
      Required.of(folder).close();
    }

    void commit() {
      List<Edit> edits = new ArrayList<>(BATCH);
      for (int i = 0; i < BATCH; i++, next++) {
        edits.add(new Edit.Put("bench", id(next), Base.absent(), BODIES.get(next & 1023)));
      }
      flying.add(
          Required.of(opened)
              .commit(CommitRequest.write(edits, Attribution.none()))
              .toCompletableFuture());
      if (flying.size() == IN_FLIGHT) {
        land();
      }
    }

    private void land() {
      if (!(flying.remove().join() instanceof Committed)) {
        throw new IllegalStateException("a commit was refused");
      }
    }
  }

  /** A new store for each iteration. */
  @State(Scope.Benchmark)
  public static class Bare {
    private static final byte[] NOTHING = {};

    @Param({"rocksdb"})
    public String store = "";

    private @Nullable ModuleFixture modules;
    private @Nullable Store opened;
    private List<Keyspace> keyspaces = List.of();
    private int next;

    @Setup(Level.Iteration)
    public void open() {
      modules = new ModuleFixture();
      Store made = modules.store(store);
      opened = made;
      keyspaces =
          List.of("documents", "history", "activity", "latest", "meta").stream()
              .map(made::keyspace)
              .toList();
      next = 0;
    }

    @TearDown(Level.Iteration)
    public void close() {
      Required.of(opened).close();
      Required.of(modules).close();
    }

    /** The four rows of each document and the two of each batch, as long as the engine's. */
    void write() {
      StoreBatch batch = Required.of(opened).batch();
      for (int number = next; number < next + BATCH; number++) {
        batch.put(keyspaces.get(0), key(number, 0), value(number, 26));
      }
      for (int number = next; number < next + BATCH; number++) {
        batch.put(keyspaces.get(1), key(number, 9), value(number, 22));
      }
      for (int number = next; number < next + BATCH; number++) {
        batch.put(keyspaces.get(2), sequence(number), NOTHING);
      }
      for (int number = next; number < next + BATCH; number++) {
        batch.put(keyspaces.get(3), sequence(number), NOTHING);
      }
      batch.put(keyspaces.get(4), new byte[] {'b', 0, 0, 0, 1}, value(next, 30));
      batch.put(keyspaces.get(4), new byte[] {'c'}, value(next, 32));
      Required.of(opened).write(batch);
      next += BATCH;
    }

    private static byte[] key(int number, int more) {
      byte[] id = id(number).getBytes(StandardCharsets.UTF_8);
      ByteBuffer key = ByteBuffer.allocate(4 + id.length + more).putInt(1).put(id);
      return more == 0 ? key.array() : key.put((byte) 0).putLong(number).array();
    }

    private static byte[] sequence(int number) {
      return ByteBuffer.allocate(12).putInt(1).putLong(number).array();
    }

    /** Most of a row is a digest, which does not compress. */
    private static byte[] value(int number, int length) {
      byte[] value = new byte[length];
      long mixed = number;
      for (int i = 0; i < length; i++) {
        mixed = mixed * 0x5851_f42d_4c95_7f2dL + 1;
        value[i] = (byte) (mixed >>> 56);
      }
      return value;
    }
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void commit(Whole database) {
    database.commit();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void rows(Bare store) {
    store.write();
  }
}
