package io.millrace.engine.view;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads of the views: for steps, for answers that had to wait, and one that looks at the
 * clock.
 *
 * <p>As many steps run at once as there are processors, and one more for each that takes long, up
 * to a bound: so a slow view costs processor time and a thread, and holds no other view up. Steps
 * that somebody waits for go before the others; otherwise they run in the order in which they were
 * asked for. While much is being written, those that nobody waits for run one at a time and with
 * pauses, so that the processors are left to the writes. Safe for use by many threads.
 */
final class StepPool implements AutoCloseable {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final int MOST_SLOW_STEPS = 32;
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long VERY_SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LOOK_MILLIS = 25;

  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final int ANSWERS = 8;
  private static final int IDLE_SECONDS = 5;
  private static final long CLOSE_SECONDS = 30;

  private final ThreadPoolExecutor steps;
  private final ThreadPoolExecutor answers;
  private final ScheduledThreadPoolExecutor timer;
  private final AtomicLong asked = new AtomicLong();
  private final Set<Step> running = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean looking = new AtomicBoolean();
  private final Runnable whenIdle;
  private final WritePressure pressure;

  /** Steps that stand back. */
  private final Queue<Runnable> standingBack = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean oneStandingBack = new AtomicBoolean();

  /**
   * @param whenIdle called now and then when no step runs or waits
   */
  StepPool(WritePressure pressure, Runnable whenIdle) {
    this.pressure = pressure;
    this.whenIdle = whenIdle;
    steps =
        new ThreadPoolExecutor(
            PROCESSORS,
            PROCESSORS + MOST_SLOW_STEPS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new PriorityBlockingQueue<>(),
            named("millrace-views-"));
    answers =
        new ThreadPoolExecutor(
            ANSWERS,
            ANSWERS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named("millrace-view-answers-"));
    answers.allowCoreThreadTimeOut(true);
    timer = new ScheduledThreadPoolExecutor(1, named("millrace-views-clock-"));
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger threads = new AtomicInteger();
    return work -> new Thread(work, prefix + threads.incrementAndGet());
  }

  /** One piece of work on a view. */
  private final class Step implements Runnable, Comparable<Step> {
    private final Runnable work;
    private final boolean urgent;
    private final long number = asked.incrementAndGet();
    private volatile long started;

    Step(Runnable work, boolean urgent) {
      this.work = work;
      this.urgent = urgent;
    }

    @Override
    public void run() {
      started = System.nanoTime();
      running.add(this);
      if (looking.compareAndSet(false, true)) {
        after(LOOK_MILLIS, TimeUnit.MILLISECONDS, StepPool.this::look);
      }
      try {
        work.run();
      } finally {
        running.remove(this);
      }
    }

    @Override
    public int compareTo(Step other) {
      return urgent == other.urgent ? Long.compare(number, other.number) : urgent ? -1 : 1;
    }
  }

  /** Gives slow steps threads beside those of the others, and takes them back. */
  private void look() {
    if (running.isEmpty() && steps.getQueue().isEmpty() && standingBack.isEmpty()) {
      looking.set(false);
      steps.setCorePoolSize(PROCESSORS);
      whenIdle.run();
      // One that began before this was seen asks nobody else to look.
      if (!running.isEmpty() && looking.compareAndSet(false, true)) {
        after(LOOK_MILLIS, TimeUnit.MILLISECONDS, this::look);
      }
      return;
    }
    long now = System.nanoTime();
    int slow = 0;
    boolean verySlow = false;
    for (Step step : running) {
      slow += now - step.started > SLOW_NANOS ? 1 : 0;
      verySlow |= now - step.started > VERY_SLOW_NANOS;
    }
    if (verySlow) {
      // Perhaps the one for which others stand back.
      standBackNoMore();
    }
    int wanted = PROCESSORS + Math.min(slow, MOST_SLOW_STEPS);
    if (wanted != steps.getCorePoolSize() && !steps.isShutdown()) {
      steps.setCorePoolSize(wanted);
    }
    after(LOOK_MILLIS, TimeUnit.MILLISECONDS, this::look);
  }

  /**
   * Runs a step, unless the database is closing: whoever opens it next goes on from the checkpoint.
   */
  void execute(Runnable step, boolean urgent) {
    if (urgent || !pressure.isHigh()) {
      submit(step, urgent);
      return;
    }
    standingBack.add(step);
    if (oneStandingBack.compareAndSet(false, true)) {
      submit(this::runStandingBack, false);
    }
  }

  private void submit(Runnable step, boolean urgent) {
    try {
      steps.execute(new Step(step, urgent));
    } catch (RejectedExecutionException e) {
      return;
    }
  }

  /** Runs one step of those that stand back, then makes a pause that is longer than it was. */
  private void runStandingBack() {
    Runnable step = standingBack.poll();
    long before = System.nanoTime();
    if (step != null) {
      step.run();
    }
    if (!pressure.isHigh()) {
      standBackNoMore();
    }
    if (standingBack.isEmpty()) {
      oneStandingBack.set(false);
      if (standingBack.isEmpty() || !oneStandingBack.compareAndSet(false, true)) {
        return;
      }
    }
    long pause = Math.min(LONGEST_PAUSE_NANOS, pressure.pause() * (System.nanoTime() - before));
    after(pause, TimeUnit.NANOSECONDS, () -> submit(this::runStandingBack, false));
  }

  private void standBackNoMore() {
    for (Runnable step = standingBack.poll(); step != null; step = standingBack.poll()) {
      submit(step, false);
    }
  }

  /** Runs what somebody waits for: on this very thread when the database is closing. */
  void answer(Runnable work) {
    try {
      answers.execute(work);
    } catch (RejectedExecutionException e) {
      work.run();
    }
  }

  /** Runs something short when some time is over, unless the database is closing. */
  void after(long delay, TimeUnit unit, Runnable work) {
    try {
      timer.schedule(work, delay, unit);
    } catch (RejectedExecutionException e) {
      return;
    }
  }

  /** Waits for the steps that run, and interrupts them if they take too long. */
  @Override
  public void close() {
    timer.shutdown();
    steps.shutdown();
    boolean interrupted = !ended(steps);
    answers.shutdown();
    interrupted |= !ended(answers);
    interrupted |= !ended(timer);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until {@code threads} have ended; false when this thread was interrupted meanwhile. */
  private static boolean ended(ThreadPoolExecutor threads) {
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        threads.shutdownNow();
        threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      }
      return true;
    } catch (InterruptedException e) {
      threads.shutdownNow();
      return false;
    }
  }
}
