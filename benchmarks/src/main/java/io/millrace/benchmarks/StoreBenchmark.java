package io.millrace.benchmarks;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the engine asks of a store: batches of a hundred puts, gets, walks over a hundred rows. One
 * operation is one row: a key of 16 bytes, a value of 100.
 */
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g"})
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 5)
public class StoreBenchmark {
  private static final int BATCH = 100;
  private static final int VALUE_BYTES = 100;
  private static final byte[][] VALUES = makeValues();

  /** Keys in no order and without end; key {@code n} is always the same. */
  private static byte[] key(long number) {
    long mixed = number * 0x9e37_79b9_7f4a_7c15L;
    return ByteBuffer.allocate(16).putLong(mixed ^ (mixed >>> 29)).putLong(number).array();
  }

  /** Half noise and half zeros, so that they compress about as JSON does. */
  private static byte[][] makeValues() {
    SplittableRandom random = new SplittableRandom(1);
    byte[][] values = new byte[1024][VALUE_BYTES];
    for (byte[] value : values) {
      for (int i = 0; i < VALUE_BYTES / 2; i++) {
        value[i] = (byte) random.nextInt();
      }
    }
    return values;
  }

  private static void put(Store store, Keyspace keyspace, long first) {
    StoreBatch batch = store.batch();
    for (long number = first; number < first + BATCH; number++) {
      batch.put(keyspace, key(number), VALUES[(int) number & 1023]);
    }
    store.write(batch);
  }

  /** A new store for each iteration. */
  @State(Scope.Benchmark)
  public static class Empty {
    @Param({"rocksdb"})
    public String store = "";

    private @Nullable ModuleFixture modules;
    private @Nullable Store opened;
    private @Nullable Keyspace keyspace;
    private long next;

    @Setup(Level.Iteration)
    public void open() {
      modules = new ModuleFixture();
      opened = modules.store(store);
      keyspace = opened.keyspace("rows");
      next = 0;
    }

    @TearDown(Level.Iteration)
    public void close() {
      Required.of(opened).close();
      Required.of(modules).close();
    }

    void putBatch() {
      put(Required.of(opened), Required.of(keyspace), next);
      next += BATCH;
    }
  }

  /** A store of many rows, read only. */
  @State(Scope.Benchmark)
  public static class Filled {
    @Param({"rocksdb"})
    public String store = "";

    @Param({"1000000"})
    public int rows;

    private final SplittableRandom random = new SplittableRandom(1);
    private @Nullable ModuleFixture modules;
    private @Nullable Store opened;
    private @Nullable Keyspace keyspace;

    @Setup(Level.Trial)
    public void fill() {
      modules = new ModuleFixture();
      Store filling = modules.store(store);
      opened = filling;
      keyspace = filling.keyspace("rows");
      for (long first = 0; first < rows; first += BATCH) {
        put(filling, Required.of(keyspace), first);
      }
      filling.flush();
    }

    @TearDown(Level.Trial)
    public void close() {
      Required.of(opened).close();
      Required.of(modules).close();
    }

    byte @Nullable [] get(long beyond) {
      return Required.of(opened).get(Required.of(keyspace), key(beyond + random.nextInt(rows)));
    }

    void scan(Blackhole blackhole) {
      KeyRange range = KeyRange.between(key(random.nextInt(rows)), null);
      try (StoreCursor cursor = Required.of(opened).range(Required.of(keyspace), range)) {
        for (int i = 0; i < BATCH && cursor.advance(); i++) {
          blackhole.consume(cursor.key());
          blackhole.consume(cursor.value());
        }
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void putBatch(Empty store) {
    store.putBatch();
  }

  @Benchmark
  public byte @Nullable [] getPresent(Filled store) {
    return store.get(0);
  }

  @Benchmark
  public byte @Nullable [] getAbsent(Filled store) {
    return store.get(store.rows);
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void scan(Filled store, Blackhole blackhole) {
    store.scan(blackhole);
  }
}
