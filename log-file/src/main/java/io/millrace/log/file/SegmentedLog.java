package io.millrace.log.file;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.log.LogRewriting;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.SequenceRange;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.SettableSequence;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A log in segment files.
 *
 * <p>Appends are written by one thread ({@link Appender}), which also completes their stages; what
 * hangs on a stage must be quick. Reads happen on the thread that asks. An append made on the
 * appending thread itself never waits for room, and a close made there returns before the log is
 * closed.
 */
final class SegmentedLog implements Log {
  /** Positions within a segment are unsigned 32-bit numbers, and a batch lies in one segment. */
  private static final long MOST_BATCH_BYTES = 2L << 30;

  private static final int LOOKS_BEFORE_SLEEP = 1_000;

  private final LogOptions options;
  private final LogFolder folder;
  private final Incarnation incarnation;
  private final Segments segments;
  private final Closeable lock;
  private final SettableSequence since;
  private final AppendQueue queue;
  private final Appender appender;
  private final Thread appenderThread;
  private final @Nullable BackgroundForce backgroundForce;
  private final @Nullable Thread backgroundThread;
  private final Rewritings rewritings;
  private final BlockPool blocks = new BlockPool();
  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean closed;

  private SegmentedLog(
      LogOptions options,
      ModuleContext context,
      LogFolder folder,
      List<Segment> found,
      long last,
      Closeable lock) {
    this.options = options;
    this.folder = folder;
    this.lock = lock;
    this.segments = new Segments(found);
    this.incarnation = segments.last().header().incarnation();
    this.since = new SettableSequence("the log", last);
    this.queue = new AppendQueue(options.queueBytes(), looks(options));
    this.appender =
        new Appender(queue, folder, options, segments, since, new LogMeters(context.meters()));
    this.rewritings = new Rewritings(folder, options, segments, this::beginSegment);
    this.appenderThread = thread("millrace-log-append", this::runAppender);
    if (options.sync().mode() == SyncPolicy.Mode.INTERVAL) {
      backgroundForce = new BackgroundForce(appender, options.sync().interval());
      backgroundThread = thread("millrace-log-force", backgroundForce);
    } else {
      backgroundForce = null;
      backgroundThread = null;
    }
  }

  /** A force takes longer than waking a thread, and the processors have better things to do. */
  private static int looks(LogOptions options) {
    boolean alone = Runtime.getRuntime().availableProcessors() == 1;
    return alone || options.sync().forcesEachGroup() ? 0 : LOOKS_BEFORE_SLEEP;
  }

  /** Opens, makes or recovers the log in the folder of {@code context}. */
  static SegmentedLog open(LogOptions options, ModuleContext context, Disk disk) {
    LogFolder folder = new LogFolder(disk, context.folder());
    Closeable lock = null;
    try {
      disk.createFolder(folder.path());
      lock = disk.lock(folder.path());
      List<Segment> found = new LogRecovery(folder).open(context.random());
      SegmentedLog log =
          new SegmentedLog(options, context, folder, found, LogRecovery.lastOf(found), lock);
      lock = null;
      log.start();
      return log;
    } catch (OverlappingFileLockException e) {
      throw new UnavailableException(
          "log-locked",
          "the log in "
              + folder.path()
              + " is open already: another process, or another part of this one, has it",
          e);
    } catch (IOException e) {
      throw new UnavailableException(
          "log-open-failed",
          "the log in " + folder.path() + " could not be opened: " + e.getMessage(),
          e);
    } finally {
      release(lock);
    }
  }

  private static void release(@Nullable Closeable lock) {
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException e) {
        throw new UnavailableException(
            "log-open-failed", "the lock of a log that was not opened could not be released", e);
      }
    }
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    // A process that ends without closing its logs loses nothing that was promised.
    thread.setDaemon(true);
    return thread;
  }

  private void start() {
    appenderThread.start();
    if (backgroundThread != null) {
      backgroundThread.start();
    }
  }

  @Override
  public Incarnation incarnation() {
    return incarnation;
  }

  @Override
  public CompletionStage<Long> append(List<byte[]> records) {
    checkOpen();
    if (records.isEmpty()) {
      throw new InvalidRequestException("empty-batch", "a batch needs at least one record");
    }
    long bytes = 0;
    for (byte[] each : records) {
      if (each.length > options.maxRecordBytes()) {
        throw new InvalidRequestException(
            "record-too-large",
            "a record of "
                + each.length
                + " bytes is longer than "
                + options.maxRecordBytes()
                + " bytes, the most that max-record-size allows");
      }
      bytes += FrameCodec.frameBytes(each.length);
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
    PendingAppend append = new PendingAppend(records, bytes, new CompletableFuture<>());
    if (!queue.put(append, Thread.currentThread() != appenderThread)) {
      append.answer().completeExceptionally(closed());
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
    Segment segment = segments.containing(sequence);
    while (true) {
      try {
        return segment.read(sequence, scratch.get());
      } catch (CorruptionException | UnavailableException e) {
        segment = replacementOf(segment, sequence, e);
      }
    }
  }

  /** The segment that took the place of {@code former}, which could not be read. */
  <E extends Exception> Segment replacementOf(Segment former, long sequence, E failure) throws E {
    Segment present = rewritings.settled(sequence);
    if (present == former) {
      throw failure;
    }
    return present;
  }

  @Override
  public LogCursor read(SequenceRange range) {
    checkOpen();
    long last = Math.min(range.last(), since.value());
    return range.reverse()
        ? new SegmentCursor(this, last, range.first(), true, range.limit())
        : new SegmentCursor(this, range.first(), last, false, range.limit());
  }

  @Override
  public LogCursor tail(SequenceRange range) {
    checkOpen();
    if (range.reverse()) {
      throw new InvalidRequestException("invalid-range", "a live range cannot be reversed");
    }
    return new TailCursor(this, range.first(), range.last(), range.limit());
  }

  @Override
  public long checkpoint(Path target, @Nullable Path earlier) {
    checkOpen();
    if (Files.exists(target)) {
      throw new InvalidRequestException(
          "checkpoint-exists", "cannot copy the log to " + target + ": it is there already");
    }
    if (!Files.isDirectory(target.toAbsolutePath().getParent())) {
      throw new InvalidRequestException(
          "checkpoint-parent", "cannot copy the log to " + target + ": no parent folder");
    }
    long last = since.value();
    try {
      LogCopy copy = new LogCopy(folder.disk(), target, earlier);
      return rewritings.undisturbed(
          () -> {
            copy.write(segments.until(last), last);
            return last;
          });
    } catch (ClosedChannelException e) {
      throw closed();
    } catch (IOException e) {
      throw new UnavailableException(
          "log-copy-failed",
          "the log in " + folder.path() + " could not be copied to " + target + ": " + e,
          e);
    }
  }

  @Override
  public void rewrite(long last, LogRewriting rewriting) {
    checkOpen();
    rewritings.rewrite(Math.min(last, since.value()), rewriting);
  }

  private void beginSegment() {
    PendingAppend request = PendingAppend.newSegment();
    if (!queue.put(request, true)) {
      throw closed();
    }
    request.answer().join();
  }

  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      queue.close();
    }
    if (Thread.currentThread() != appenderThread) {
      awaitReleased();
      reportFailure();
    }
  }

  private void awaitReleased() {
    boolean interrupted = false;
    while (true) {
      try {
        released.await();
        appenderThread.join();
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
    if (failure != null && appender.isBehind()) {
      throw new UnknownOutcomeException(
          "close-unknown",
          "the log could not be forced when it was closed, so its last records may be lost",
          failure.cause());
    }
  }

  private void runAppender() {
    try {
      appender.run();
    } finally {
      endBackgroundForce();
      closed = true;
      since.close();
      rewritings.end();
      releaseFiles();
      released.countDown();
    }
  }

  private void endBackgroundForce() {
    if (backgroundForce != null && backgroundThread != null) {
      backgroundForce.end();
      boolean ended = false;
      while (!ended) {
        try {
          backgroundThread.join();
          ended = true;
        } catch (InterruptedException e) {
          // The interruption was not meant for closing the log.
        }
      }
    }
  }

  private void releaseFiles() {
    try (lock;
        segments) {
      blocks.clear();
    } catch (IOException e) {
      // Only reading used these files, and nobody reads any more.
    }
  }

  void checkOpen() {
    if (closed) {
      throw closed();
    }
  }

  boolean isClosed() {
    return closed;
  }

  static UnavailableException closed() {
    return new UnavailableException("log-closed", "the log is closed");
  }

  /** The last durable sequence, whether the log is closed or not. */
  ObservableSequence durable() {
    return since;
  }

  Segment segment(long sequence) {
    return segments.containing(sequence);
  }

  BlockPool blocks() {
    return blocks;
  }
}
