package io.millrace.log.store;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.log.LogRewriting;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.SequenceRange;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.SettableSequence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A log in a store of its own.
 *
 * <p><b>Atomicity and order.</b> An append lies in one batch of the store, which survives as a
 * whole or not at all, and never without those before it.
 *
 * <p><b>Durability.</b> With {@code sync=always} the store is flushed before an append is answered.
 * Otherwise an answered record survives the end of the process if what is written to the store
 * does.
 *
 * <p><b>Damage.</b> Records are checked when they are read, and a {@link ForcedNote} tells when the
 * store has lost the last ones, or all.
 *
 * <p>Appends are written by one thread ({@link Appender}), which also completes their stages; what
 * hangs on a stage must be quick. An append made on the appending thread itself never waits for
 * room, and a close made there returns before the log is closed.
 */
final class StoreLog implements Log {
  /** What a row costs beside its record. */
  private static final long ROW_BYTES = 32;

  /** Stores hold a batch in one array. */
  private static final long MOST_BATCH_BYTES = 1L << 30;

  private static final int ROWS_REWRITTEN_AT_ONCE = 1_000;
  private static final long BYTES_REWRITTEN_AT_ONCE = 1L << 20;

  private final LogOptions options;
  private final LogFolder folder;
  private final Store store;
  private final StoredRecords records;
  private final ForcedNote note;
  private final Incarnation incarnation;
  private final SettableSequence since;
  private final AppendQueue queue;
  private final Appender appender;
  private final Thread thread;

  /** Held while records are rewritten. */
  private final Object rewritten = new Object();

  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicBoolean reported = new AtomicBoolean();
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean closed;
  private @Nullable RuntimeException closeFailure;

  private StoreLog(LogOptions options, LogFolder folder, Store store) {
    ModuleContext context = folder.context();
    this.options = options;
    this.folder = folder;
    this.store = store;
    this.records = new StoredRecords(store, context.folder().toString());
    this.note = folder.note(options);
    note.require(records.last());
    this.incarnation = records.incarnation(context.random());
    this.since = new SettableSequence("the log", records.last());
    this.queue = new AppendQueue(options.queueBytes());
    this.appender =
        new Appender(queue, store, records, note, options.sync(), since, context.meters());
    this.thread = new Thread(this::runAppender, "millrace-log-append");
    // A process that ends without closing its logs loses nothing that was promised.
    thread.setDaemon(true);
  }

  /** Opens the log in {@code folder}. */
  static StoreLog open(LogOptions options, LogFolder folder) {
    Store store = folder.openStore(options);
    StoreLog log;
    try {
      log = new StoreLog(options, folder, store);
    } catch (MillraceException e) {
      store.close();
      throw e;
    }
    log.thread.start();
    return log;
  }

  @Override
  public Incarnation incarnation() {
    return incarnation;
  }

  @Override
  public CompletionStage<Long> append(List<byte[]> batch) {
    checkOpen();
    if (batch.isEmpty()) {
      throw new InvalidRequestException("empty-batch", "a batch needs at least one record");
    }
    long bytes = 0;
    for (byte[] each : batch) {
      if (each.length > options.maxRecordBytes()) {
        throw new InvalidRequestException(
            "record-too-large",
            "a record of "
                + each.length
                + " bytes is longer than "
                + options.maxRecordBytes()
                + " bytes, the most that max-record-size allows");
      }
      bytes += ROW_BYTES + each.length;
    }
    if (bytes > MOST_BATCH_BYTES) {
      throw new InvalidRequestException(
          "batch-too-large",
          "a batch of " + bytes + " bytes is longer than " + MOST_BATCH_BYTES + " bytes");
    }
    LogFailure failure = appender.failure();
    if (failure != null) {
      return CompletableFuture.failedFuture(failure.refusal());
    }
    PendingAppend append = new PendingAppend(batch, bytes, new CompletableFuture<>());
    if (!queue.put(append, Thread.currentThread() != thread)) {
      append.answer().completeExceptionally(closedException());
    }
    return append.answer();
  }

  @Override
  public int maxRecordBytes() {
    checkOpen();
    return options.maxRecordBytes();
  }

  @Override
  public ObservableSequence since() {
    checkOpen();
    return since;
  }

  @Override
  public byte[] read(long sequence) {
    checkOpen();
    if (sequence < 1 || sequence > since.value()) {
      throw new NotFoundException(
          "no-such-record",
          "there is no record with sequence " + sequence + "; the last is " + since.value());
    }
    byte[] row = reading(() -> records.row(sequence));
    return Arrays.copyOfRange(row, StoredRecords.CHECKSUM_BYTES, row.length);
  }

  @Override
  public LogCursor read(SequenceRange range) {
    checkOpen();
    return new StoreLogCursor(this, records, range.lte(since.value()), false);
  }

  @Override
  public LogCursor tail(SequenceRange range) {
    checkOpen();
    if (range.reverse()) {
      throw new InvalidRequestException("invalid-range", "a live range cannot be reversed");
    }
    return new StoreLogCursor(this, records, range, true);
  }

  /**
   * Copied by the store, whatever it links, and cut to what was durable when the call was made;
   * {@code earlier} is not used.
   */
  @Override
  public long checkpoint(Path target, @Nullable Path earlier) {
    checkOpen();
    if (Files.exists(target)) {
      throw new InvalidRequestException(
          "checkpoint-exists", "cannot copy the log to " + target + ": it is there already");
    }
    LogFolder copy = folder.at(target);
    long last = since.value();
    copy.make();
    reading(
        () -> {
          store.checkpoint(copy.store(options));
          return last;
        });
    try (Store copied = copy.openStore(options)) {
      new StoredRecords(copied, target.toString()).cutBehind(last);
      copied.flush();
    }
    return last;
  }

  /** Row by row, in small batches of the store, which gives the space back when it sees fit. */
  @Override
  public void rewrite(long last, LogRewriting rewriting) {
    checkOpen();
    synchronized (rewritten) {
      long end = Math.min(last, since.value());
      long next = 1;
      while (next <= end) {
        long from = next;
        next =
            rewriting.concerns(from, Math.min(end, from + ROWS_REWRITTEN_AT_ONCE - 1))
                ? reading(() -> rewrite(from, end, rewriting))
                : from + ROWS_REWRITTEN_AT_ONCE;
      }
      reading(
          () -> {
            store.flush();
            return last;
          });
    }
  }

  /** Rewrites some records from {@code first} on; the sequence to go on with. */
  private long rewrite(long first, long last, LogRewriting rewriting) {
    long end = Math.min(last, first + ROWS_REWRITTEN_AT_ONCE - 1);
    long bytes = 0;
    long sequence = first;
    try (StoreBatch batch = store.batch()) {
      for (; sequence <= end && bytes < BYTES_REWRITTEN_AT_ONCE; sequence++) {
        checkOpen();
        byte[] row = records.row(sequence);
        byte[] record = Arrays.copyOfRange(row, StoredRecords.CHECKSUM_BYTES, row.length);
        byte[] kept = rewriting.keep(sequence, record);
        if (kept != record) {
          records.put(batch, sequence, kept);
        }
        rewriting.worked(ROW_BYTES + record.length, record.length - kept.length);
        bytes += record.length;
      }
      store.write(batch);
    }
    return sequence;
  }

  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      queue.close();
    }
    if (Thread.currentThread() != thread) {
      awaitReleased();
      reportFailure();
    }
  }

  private void awaitReleased() {
    boolean interrupted = false;
    while (true) {
      try {
        released.await();
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void reportFailure() {
    LogFailure failure = appender.failure();
    Throwable cause = failure != null ? failure.cause() : closeFailure;
    if (cause != null && appender.isBehind() && reported.compareAndSet(false, true)) {
      throw new UnknownOutcomeException(
          "close-unknown",
          "the log could not be flushed when it was closed, so its last records may be lost",
          cause);
    }
  }

  private void runAppender() {
    try {
      appender.run();
    } finally {
      closed = true;
      since.close();
      closeStore();
      released.countDown();
    }
  }

  private void closeStore() {
    try {
      store.close();
    } catch (RuntimeException e) {
      closeFailure = e; // told to whoever closes, if it matters to the log
    }
    note.close();
  }

  void checkOpen() {
    if (closed) {
      throw closedException();
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** The last durable sequence, whether the log is closed or not. */
  ObservableSequence durable() {
    return since;
  }

  /** Does {@code work} with the store, which closes when the log does. */
  <T> T reading(Supplier<T> work) {
    try {
      return work.get();
    } catch (UnavailableException e) {
      checkOpen();
      throw e;
    }
  }

  private static UnavailableException closedException() {
    return new UnavailableException("log-closed", "the log is closed");
  }
}
