package io.millrace.engine.forget;

import io.millrace.api.Task;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.ObservableSequence;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.Purges.Pending;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.view.Views;
import io.millrace.engine.write.Recovery;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of the log what was purged, in the background, one compaction at a time.
 *
 * <p>The order makes it safe to end anywhere. First the index is made durable, so that no index
 * comes back that still leads to what is erased. Then the log erases, from the lowest sequence on:
 * the changes of a document, at last the purge itself, and that only when all views have passed it.
 * Then the rows that led to the purge go. What is not done is pending in the index, and is taken up
 * when the database is opened.
 *
 * <p>Safe for use by many threads.
 */
public final class Compactions implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Compactions.class.getName());
  private static final long FIRST_RETRY_MILLIS = 250;
  private static final long LAST_RETRY_MILLIS = 60_000;

  private final DocumentIndex index;
  private final EngineLog log;
  private final ObservableSequence since;
  private final Views views;
  private final long bytesPerSecond;
  private final Clock clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicBoolean due = new AtomicBoolean();
  private final AtomicLong reclaimed = new AtomicLong();
  private final ScheduledThreadPoolExecutor thread;

  /** Whether a compaction goes on, or will. */
  private volatile boolean active;

  private volatile @Nullable Running running;
  private long retryMillis = FIRST_RETRY_MILLIS;

  /**
   * @param since the last sequence in the index
   * @param bytesPerSecond how many bytes of the log may be read or written in a second
   */
  public Compactions(
      DocumentIndex index,
      EngineLog log,
      ObservableSequence since,
      Views views,
      long bytesPerSecond,
      Clock clock) {
    this.index = index;
    this.log = log;
    this.since = since;
    this.views = views;
    this.bytesPerSecond = bytesPerSecond;
    this.clock = clock;
    this.thread =
        new ScheduledThreadPoolExecutor(1, work -> new Thread(work, "millrace-compaction"));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    List<Pending> left = index.purges().pending();
    left.stream().map(Pending::bucket).distinct().forEach(views::forget);
    if (!left.isEmpty()) {
      start();
    }
  }

  /** A compaction that goes on. */
  private record Running(Erasure erasure, Instant started, long startedNanos) {}

  /**
   * Begins a compaction, or lets the one that goes on be followed by another.
   *
   * @throws io.millrace.api.error.UnsupportedException when the log cannot erase anything
   */
  public void compact() {
    log.rewrite(0, new Erasure(new long[0], (bytes, freed) -> {}));
    start();
  }

  /** As {@link #compact}, if the log can do it. */
  public void start() {
    if (due.compareAndSet(false, true)) {
      schedule(0);
    }
  }

  private void schedule(long millis) {
    active = true;
    try {
      thread.schedule(this::run, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // Taken up when the database is opened again.
      active = false;
    }
  }

  private void run() {
    due.set(false);
    boolean again = false;
    try {
      again = !erase();
    } catch (UnavailableException e) {
      again = closing.getCount() > 0;
      LOG.log(Level.WARNING, "the compaction stopped: " + e.getMessage());
    } catch (UnsupportedException e) {
      LOG.log(Level.WARNING, "what was purged stays in the log: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the compaction ended, and stays undone until the next one", e);
    }
    running = null;
    if (again) {
      schedule(retryMillis);
      retryMillis = Math.min(LAST_RETRY_MILLIS, 2 * retryMillis);
    } else {
      retryMillis = FIRST_RETRY_MILLIS;
      active = due.get();
    }
  }

  /**
   * Erases what can be erased now.
   *
   * @return whether nothing is left to be erased
   */
  private boolean erase() {
    List<Pending> pending = index.purges().pending();
    LongStream.Builder sequences = LongStream.builder();
    for (Pending purge : pending) {
      LongStream.of(purge.changes()).forEach(sequences);
      if (views.reachedByAll(purge.bucket()) >= purge.sequence()) {
        sequences.add(purge.sequence());
      }
    }
    long[] erased = sequences.build().sorted().distinct().toArray();
    if (erased.length > 0) {
      index.store().flush();
      Pace pace = new Pace(bytesPerSecond, closing);
      Erasure erasure =
          new Erasure(
              erased,
              (bytes, freed) -> {
                reclaimed.addAndGet(freed);
                pace.worked(bytes);
              });
      running = new Running(erasure, clock.instant(), System.nanoTime());
      log.rewrite(Math.min(since.value(), erased[erased.length - 1]), erasure);
      int settled = Recovery.settlePurges(index.purges(), log);
      LOG.log(
          Level.INFO,
          "compaction: " + erased.length + " changes erased, " + settled + " purges done");
    }
    return index.purges().pending().isEmpty();
  }

  /** By how many bytes the log became smaller since the database was opened. */
  public long reclaimedBytes() {
    return reclaimed.get();
  }

  /** The compaction that goes on now, if there is one. */
  public List<Task> tasks() {
    Running now = running;
    if (now != null) {
      return List.of(
          new Task(
              "compaction of the log",
              "compaction",
              now.erasure().passed(),
              now.erasure().total(),
              "changes",
              now.started(),
              Duration.ofNanos(System.nanoTime() - now.startedNanos())));
    }
    return active
        ? List.of(
            new Task(
                "compaction of the log, which waits",
                "compaction",
                0,
                0,
                "changes",
                clock.instant(),
                Duration.ZERO))
        : List.of();
  }

  /** Ends the compaction that goes on, within a moment, and waits for that. */
  @Override
  public void close() {
    closing.countDown();
    thread.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (thread.awaitTermination(1, TimeUnit.HOURS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
