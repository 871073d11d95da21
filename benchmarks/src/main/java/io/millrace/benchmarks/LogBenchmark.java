package io.millrace.benchmarks;

import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The phases of bench-flumelog, so that the figures compare: append with 16 in flight, stream, ten
 * streams in parallel, random reads. One operation is one record of 155 bytes.
 */
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g"})
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 5)
public class LogBenchmark {
  private static final int IN_FLIGHT = 16;

  /** A new log for each iteration, so that none grows without end. */
  @State(Scope.Benchmark)
  public static class Empty {
    @Param({"file"})
    public String log = "";

    @Param({"os", "always"})
    public String sync = "";

    private final Semaphore free = new Semaphore(IN_FLIGHT);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private List<byte[]> records = List.of();
    private int next;
    private @Nullable ModuleFixture modules;
    private @Nullable Log opened;

    @Setup(Level.Iteration)
    public void open() {
      records = FlumeRecords.make();
      modules = new ModuleFixture();
      opened = modules.log(log, sync);
    }

    @TearDown(Level.Iteration)
    public void close() {
      free.acquireUninterruptibly(IN_FLIGHT);
      free.release(IN_FLIGHT);
      Required.of(opened).close();
      Required.of(modules).close();
      Throwable failed = failure.get();
      if (failed != null) {
        throw new IllegalStateException("an append failed", failed);
      }
    }

    /** Appends one record once fewer than 16 are on their way; one thread. */
    CompletionStage<Long> append() {
      free.acquireUninterruptibly();
      byte[] record = records.get(next++ % FlumeRecords.COUNT);
      return Required.of(opened)
          .append(List.of(record))
          .whenComplete(
              (sequence, failed) -> {
                if (failed != null) {
                  failure.set(failed);
                }
                free.release();
              });
    }
  }

  /** A log of many records, read only. */
  @State(Scope.Benchmark)
  public static class Filled {
    @Param({"file"})
    public String log = "";

    @Param({"1000000"})
    public int records;

    private @Nullable ModuleFixture modules;
    private @Nullable Log opened;

    @Setup(Level.Trial)
    public void fill() {
      modules = new ModuleFixture();
      Log filling = modules.log(log, "os");
      opened = filling;
      List<byte[]> made = FlumeRecords.make();
      List<byte[]> batch = new ArrayList<>();
      for (int i = 0; i < records; i++) {
        batch.add(made.get(i % FlumeRecords.COUNT));
        if (batch.size() == FlumeRecords.COUNT || i == records - 1) {
          filling.append(batch).toCompletableFuture().join();
          batch = new ArrayList<>();
        }
      }
    }

    @TearDown(Level.Trial)
    public void close() {
      Required.of(opened).close();
      Required.of(modules).close();
    }

    Log log() {
      return Required.of(opened);
    }
  }

  /** One reader's place in the log, from the first record to the last and over again. */
  @State(Scope.Thread)
  public static class Reader {
    private @Nullable LogCursor cursor;

    byte next(Filled filled) {
      if (cursor == null || !cursor.advance()) {
        if (cursor != null) {
          cursor.close();
        }
        cursor = filled.log().read(SequenceRange.all());
        if (!cursor.advance()) {
          throw new IllegalStateException("the log is empty");
        }
      }
      return cursor.current().get();
    }

    @TearDown(Level.Iteration)
    public void close() {
      if (cursor != null) {
        cursor.close();
        cursor = null;
      }
    }
  }

  /** Where to read next, anywhere. */
  @State(Scope.Thread)
  public static class Places {
    private final SplittableRandom random = new SplittableRandom(1);

    long next(Filled filled) {
      return 1 + random.nextInt(filled.records);
    }
  }

  @Benchmark
  public Object append(Empty log) {
    return log.append();
  }

  @Benchmark
  public byte stream(Filled log, Reader reader) {
    return reader.next(log);
  }

  /** The sum over ten readers, each of which reads everything. */
  @Benchmark
  @Threads(10)
  public byte tenStreams(Filled log, Reader reader) {
    return reader.next(log);
  }

  @Benchmark
  public byte[] random(Filled log, Places places) {
    return log.log().read(places.next(log));
  }
}
