package io.millrace.engine.forget;

import io.millrace.api.Task;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.ObservableSequence;
import io.millrace.engine.forget.Selection.Due;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.Purges.Pending;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.read.ReadHorizon;
import io.millrace.engine.view.Views;
import io.millrace.engine.write.Recovery;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of the log what was purged, and the bodies that the retention of their buckets does not
 * keep, in the background, one compaction at a time.
 *
 * <p>What was purged comes first. The order makes it safe to end anywhere. First the index is made
 * durable, so that no index comes back that still leads to what is erased. Then the log erases,
 * from the lowest sequence on: the changes of a document, at last the purge itself, and that only
 * when all views have passed it. Then the rows that led to the purge go. What is not done is
 * pending in the index, and is taken up when the database is opened.
 *
 * <p>Bodies are forgotten without any change of the index, so they need no such order: which ones
 * they are can be found out again at any time. It is noted that a compaction has begun, and for
 * each bucket when it has ended.
 *
 * <p>Safe for use by many threads.
 */
public final class Compactions implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Compactions.class.getName());
  private static final long FIRST_RETRY_MILLIS = 250;
  private static final long LAST_RETRY_MILLIS = 60_000;

  /** A server that is started anew each day still compacts. */
  private static final Duration LONGEST_FIRST_WAIT = Duration.ofMinutes(5);

  /** So many sequences are looked at in one go, which takes a bit of memory for each. */
  private static final int SEQUENCES_AT_ONCE = 1 << 26;

  private final DocumentIndex index;
  private final EngineLog log;
  private final ObservableSequence since;
  private final ReadHorizon horizon;
  private final Views views;
  private final Retentions retentions;
  private final RetentionNotes notes;
  private final ToLongFunction<Instant> sequenceAt;
  private final long bytesPerSecond;
  private final Clock clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicBoolean due = new AtomicBoolean();

  /** Whether the next run goes by the retentions, too. */
  private final AtomicBoolean retaining = new AtomicBoolean();

  private final AtomicLong reclaimed = new AtomicLong();
  private final ScheduledThreadPoolExecutor thread;

  /** Whether a compaction goes on, or will. */
  private volatile boolean active;

  private volatile @Nullable Running running;
  private long retryMillis = FIRST_RETRY_MILLIS;

  /**
   * @param since the last sequence in the index
   * @param horizon what is read is not forgotten
   * @param sequenceAt the last sequence that is not later than a time
   * @param bytesPerSecond how many bytes of the log may be read or written in a second
   * @param interval after which bodies are looked for that are to be forgotten; null for never
   */
  public Compactions(
      DocumentIndex index,
      EngineLog log,
      ObservableSequence since,
      ReadHorizon horizon,
      Views views,
      Retentions retentions,
      ToLongFunction<Instant> sequenceAt,
      long bytesPerSecond,
      @Nullable Duration interval,
      Clock clock) {
    this.index = index;
    this.log = log;
    this.since = since;
    this.horizon = horizon;
    this.views = views;
    this.retentions = retentions;
    this.notes = new RetentionNotes(index.store());
    this.sequenceAt = sequenceAt;
    this.bytesPerSecond = bytesPerSecond;
    this.clock = clock;
    this.thread =
        new ScheduledThreadPoolExecutor(1, work -> new Thread(work, "millrace-compaction"));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    List<Pending> left = index.purges().pending();
    left.stream().map(Pending::bucket).distinct().forEach(views::forget);
    boolean unfinished = notes.unfinished();
    if (!left.isEmpty() || unfinished) {
      retaining.set(unfinished);
      start();
    }
    if (interval != null) {
      long millis = interval.toMillis();
      thread.scheduleAtFixedRate(
          this::startIfDue,
          Math.min(millis, LONGEST_FIRST_WAIT.toMillis()),
          millis,
          TimeUnit.MILLISECONDS);
    }
  }

  /** What goes on, as far as it is known. */
  interface Work {
    long passed();

    /** 0 when it is not known. */
    long total();
  }

  /** A compaction that goes on. */
  private record Running(String name, Work work, Instant started, long startedNanos) {}

  /**
   * Begins a compaction, or lets the one that goes on be followed by another.
   *
   * @throws io.millrace.api.error.UnsupportedException when the log cannot erase anything
   */
  public void compact() {
    requireRewriting();
    retaining.set(true);
    start();
  }

  private void requireRewriting() {
    log.rewrite(0, new Erasure(new long[0], (bytes, freed) -> {}));
  }

  /** Begins a compaction if there is something to forget. */
  private void startIfDue() {
    try {
      if (!due(new Selection(index, retentions, notes, bytes -> {})).isEmpty()) {
        retaining.set(true);
        start();
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "it is not known whether there is something to forget", e);
    }
  }

  /** Takes out what was purged, if the log can do it. */
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
    boolean retained = !retaining.getAndSet(false);
    boolean again = false;
    try {
      again = !erase();
      if (!retained) {
        forget();
        retained = true;
      }
    } catch (UnavailableException e) {
      again = closing.getCount() > 0;
      retaining.compareAndSet(false, !retained);
      LOG.log(Level.WARNING, "the compaction stopped: " + e.getMessage());
    } catch (UnsupportedException e) {
      LOG.log(Level.WARNING, "what is to be forgotten stays in the log: " + e.getMessage());
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
      Erasure erasure = new Erasure(erased, progress(new Pace(bytesPerSecond, closing)));
      running = running("compaction of the log: what was purged", erasure);
      log.rewrite(Math.min(since.value(), erased[erased.length - 1]), erasure);
      int settled = Recovery.settlePurges(index.purges(), log);
      LOG.log(
          Level.INFO,
          "compaction: " + erased.length + " changes erased, " + settled + " purges done");
    }
    return index.purges().pending().isEmpty();
  }

  private Erasure.Progress progress(Pace pace) {
    return (bytes, freed) -> {
      reclaimed.addAndGet(freed);
      pace.worked(bytes);
    };
  }

  private Running running(String name, Work work) {
    return new Running(name, work, clock.instant(), System.nanoTime());
  }

  private List<Due> due(Selection selection) {
    // Views that are given every change must have been given a body before it goes.
    long present = horizon.value();
    Instant now = clock.instant();
    return selection.due(
        bucket -> Math.min(present, views.reachedByAll(bucket.number())),
        age -> sequenceAt.applyAsLong(now.minus(age)));
  }

  /** Forgets the bodies that no bucket keeps. */
  private void forget() {
    Pace pace = new Pace(bytesPerSecond, closing);
    Selection selection = new Selection(index, retentions, notes, pace::worked);
    List<Due> due = due(selection);
    if (due.isEmpty()) {
      notes.end();
      return;
    }
    requireRewriting();
    notes.begin();
    long last = due.stream().mapToLong(one -> one.rule().horizon()).max().orElse(0);
    long forgotten = 0;
    for (long first = 1; first <= last; first += SEQUENCES_AT_ONCE) {
      running = running("compaction of the log: looking for what is to be forgotten", selection);
      BitSet chosen = selection.choose(due, first, SEQUENCES_AT_ONCE);
      if (chosen.isEmpty()) {
        continue;
      }
      // Views must not fall behind what is not there any more, nor may it be noted as unfinished
      // too late.
      index.store().flush();
      BodiesForgotten bodies = new BodiesForgotten(first, chosen, progress(pace));
      running = running("compaction of the log: bodies that are not kept", bodies);
      log.rewrite(first + chosen.length() - 1, bodies);
      forgotten += bodies.passed();
    }
    due.forEach(one -> notes.applied(one.bucket().number(), one.rule()));
    notes.end();
    if (forgotten > 0) {
      LOG.log(Level.INFO, "compaction: the bodies of " + forgotten + " changes forgotten");
    }
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
              now.name(),
              "compaction",
              now.work().passed(),
              now.work().total(),
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
