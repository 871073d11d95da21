package io.millrace.benchmarks;

import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Difference;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Moment;
import io.millrace.api.range.Cursor;
import io.millrace.engine.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * The past of a bucket whose documents, of 200 bytes, were changed three times each, in a heap of
 * 256 MB: everything as of the time when each had been changed twice, single documents as of then,
 * and what changed since. One operation is one document.
 */
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms256m", "-Xmx256m"})
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
@State(Scope.Benchmark)
public class HistoryBenchmark {
  private static final int STEP = 1_000;
  private static final int BATCH = 500;
  private static final int IN_FLIGHT = 4;
  private static final int ROUNDS = 3;
  private static final String BUCKET = "bench";

  @Param({"rocksdb"})
  public String store = "";

  @Param({"1000000"})
  public int documents;

  /** Whether documents are changed in the order of their ids, or in another one in each round. */
  @Param({"ids", "random"})
  public String order = "";

  /**
   * Whether each iteration begins at the first document with no file in the page cache, which takes
   * Linux and its superuser.
   */
  @Param({"warm"})
  public String cache = "";

  private final Random random = new Random(1);
  private @Nullable TemporaryFolder folder;
  private @Nullable Database database;
  private @Nullable Bucket bucket;
  private @Nullable Cursor<Document> past;
  private @Nullable Cursor<Document> present;
  private @Nullable Cursor<Difference> differences;

  @Setup(Level.Trial)
  public void open() {
    folder = TemporaryFolder.create("millrace-benchmark-");
    Database made =
        Millrace.in(folder.path().resolve("data"))
            .log("file", Map.of("sync", "os"))
            .store(store, Map.of())
            .open();
    database = made;
    bucket = made.bucket(BUCKET);
    for (int round = 0; round < ROUNDS; round++) {
      write(made, round);
    }
  }

  private void write(Database to, int round) {
    List<Integer> numbers = new ArrayList<>(IntStream.range(0, documents).boxed().toList());
    if (order.equals("random")) {
      Collections.shuffle(numbers, random);
    }
    ArrayDeque<CompletableFuture<CommitOutcome>> flying = new ArrayDeque<>();
    for (int i = 0; i < documents; i += BATCH) {
      List<Edit> edits = new ArrayList<>(BATCH);
      for (int number : numbers.subList(i, Math.min(documents, i + BATCH))) {
        Body body = Body.parse(SampleDocuments.body(number + round, documents));
        edits.add(new Edit.Put(BUCKET, SampleDocuments.id(number), Base.any(), body));
      }
      flying.add(to.commit(CommitRequest.write(edits, Attribution.none())).toCompletableFuture());
      if (flying.size() == IN_FLIGHT) {
        land(flying);
      }
    }
    while (!flying.isEmpty()) {
      land(flying);
    }
  }

  private static void land(ArrayDeque<CompletableFuture<CommitOutcome>> flying) {
    if (!(flying.remove().join() instanceof Committed)) {
      throw new IllegalStateException("a commit was refused");
    }
  }

  /** Drops the page cache, where that is wanted. */
  @Setup(Level.Iteration)
  public void dropCache() throws IOException, InterruptedException {
    if (cache.equals("dropped")) {
      closeCursors();
      new ProcessBuilder("sync").start().waitFor();
      Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
    }
  }

  private void closeCursors() {
    for (Cursor<?> cursor : new Cursor<?>[] {past, present, differences}) {
      if (cursor != null) {
        cursor.close();
      }
    }
    past = null;
    present = null;
    differences = null;
  }

  @TearDown(Level.Trial)
  public void close() {
    closeCursors();
    Required.of(database).close();
    Required.of(folder).close();
  }

  private long twice() {
    return 2L * documents;
  }

  private static <T> Cursor<T> walk(
      @Nullable Cursor<T> going, Supplier<Cursor<T>> open, Blackhole sink) {
    Cursor<T> cursor = going == null ? open.get() : going;
    for (int i = 0; i < STEP; i++) {
      if (!cursor.advance()) {
        cursor.close();
        cursor = open.get();
        cursor.advance();
      }
      sink.consume(cursor.current());
    }
    return cursor;
  }

  /** All documents as they are. */
  @Benchmark
  @OperationsPerInvocation(STEP)
  public void present(Blackhole sink) {
    present = walk(present, () -> Required.of(bucket).documents(DocumentRange.all()), sink);
  }

  /** All documents as they were. */
  @Benchmark
  @OperationsPerInvocation(STEP)
  public void past(Blackhole sink) {
    past = walk(past, () -> Required.of(bucket).documents(DocumentRange.all().at(twice())), sink);
  }

  /** All documents that changed, with patches. */
  @Benchmark
  @OperationsPerInvocation(STEP)
  public void differences(Blackhole sink) {
    differences =
        walk(
            differences,
            () ->
                Required.of(bucket)
                    .history()
                    .differences(
                        Moment.of(twice()),
                        Moment.present(),
                        EnumSet.allOf(Difference.Kind.class),
                        true),
            sink);
  }

  /** One document, any of them, as it was. */
  @Benchmark
  public void single(Blackhole sink) {
    String id = SampleDocuments.id(random.nextInt(documents));
    sink.consume(Required.of(bucket).findAt(id, twice()).orElseThrow());
  }
}
