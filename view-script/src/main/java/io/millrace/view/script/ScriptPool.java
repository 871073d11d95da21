package io.millrace.view.script;

import com.sun.management.ThreadMXBean;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.spi.Meters;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.jspecify.annotations.Nullable;

/**
 * The threads that run functions, each with a sandbox of its own, and the watch over them. They are
 * started when there is something to run.
 *
 * <p>Work that exceeds a limit loses its sandbox and ends as {@link Outcome.Exceeded}. Work that
 * does not even end then, because it hangs in a part of the engine that cannot be interrupted,
 * loses its thread too: another one takes its place, and the lost one ends when it ends.
 *
 * <p>Safe for use by many threads. {@link #close} waits for the threads.
 */
public final class ScriptPool implements AutoCloseable {
  private static final long POLL_MILLIS = 5;

  /** How long work may go on after its sandbox was ended before its thread is given up. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final long CLOSE_MILLIS = 10_000;

  private final String module;
  private final ScriptLimits limits;
  private final long graceNanos;
  private final ThreadMXBean measures;
  private final Meters.Counter exceeded;
  private final Meters.Counter lost;

  // Guarded by this.
  private final Deque<Work<?>> waiting = new ArrayDeque<>();
  private final List<ScriptThread> threads = new ArrayList<>();
  private final List<Work<?>> running = new ArrayList<>();
  private @Nullable Thread watchdog;
  private @Nullable Engine engine;
  private boolean closed;

  /**
   * A pool without threads so far.
   *
   * @param module the name of the view module, for the names of threads and meters
   */
  public ScriptPool(String module, ScriptLimits limits, Meters meters) {
    this(module, limits, GRACE, meters);
  }

  ScriptPool(String module, ScriptLimits limits, Duration grace, Meters meters) {
    this.module = module;
    this.limits = limits;
    this.graceNanos = grace.toNanos();
    this.measures = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    this.exceeded =
        meters.counter(
            "view." + module + ".exceeded", "Pieces of work that exceeded a limit and were ended.");
    this.lost =
        meters.counter(
            "view." + module + ".lost", "Threads given up because what they ran did not end.");
  }

  /** Something to be done in a sandbox. */
  private static final class Work<T> {
    private final Function<Sandbox, T> body;
    private final CompletableFuture<Outcome<T>> result = new CompletableFuture<>();

    // Set before the work is listed as running.
    private @Nullable ScriptThread thread;
    private @Nullable Sandbox sandbox;
    private long cpuNanosBefore;
    private long allocatedBefore;

    // Guarded by the work.
    private @Nullable String killed;
    private long killedNanos;
    private boolean ended;

    Work(Function<Sandbox, T> body) {
      this.body = body;
    }
  }

  /**
   * Does {@code body} as soon as a thread is free. Cancelling the result before it has begun leaves
   * it out; what {@code body} throws becomes the failure of the result. The limits apply to all
   * that one {@code body} runs.
   *
   * @throws UnavailableException when the pool is closed
   */
  public <T> CompletableFuture<Outcome<T>> submit(Function<Sandbox, T> body) {
    Work<T> work = new Work<>(body);
    synchronized (this) {
      if (closed) {
        throw closedPool();
      }
      start();
      waiting.add(work);
      notifyAll();
    }
    return work.result;
  }

  /**
   * Checks the text of a function before a definition is accepted: that it is one expression, that
   * it can be evaluated, and that its value is a function.
   *
   * @param member the place in the definition, such as {@code map}
   * @throws InvalidDefinitionException when it is not, with line, column and reason
   */
  public void check(Script script, String member) {
    new ScriptCheck(this, script).require(member);
  }

  private UnavailableException closedPool() {
    return new UnavailableException(
        "view-closed", "what runs JavaScript for views of type " + module + " is closed");
  }

  /** Starts the threads unless they run already; the lock is held. */
  private void start() {
    if (watchdog != null) {
      return;
    }
    watchdog = new Thread(this::watch, "millrace-" + module + "-watchdog");
    watchdog.setDaemon(true);
    watchdog.start();
    for (int i = 1; i <= limits.threads(); i++) {
      startThread("millrace-" + module + "-" + i);
    }
  }

  private void startThread(String name) {
    ScriptThread thread = new ScriptThread(name, limits, this::work);
    threads.add(thread);
    thread.start();
  }

  private void work() {
    ScriptThread thread = (ScriptThread) Thread.currentThread();
    SandboxHolder holder = new SandboxHolder();
    try {
      Work<?> work = take(thread);
      while (work != null) {
        if (!run(work, thread, holder)) {
          holder.discard();
        }
        work = take(thread);
      }
    } finally {
      holder.discard();
    }
  }

  /** The sandbox of one thread, made when it is needed. */
  private final class SandboxHolder {
    private @Nullable Sandbox sandbox;

    Sandbox get() {
      if (sandbox == null) {
        sandbox = new Sandbox(engine(), limits);
      }
      return sandbox;
    }

    void discard() {
      Sandbox ended = sandbox;
      sandbox = null;
      if (ended != null) {
        ended.end();
      }
    }
  }

  /** Made when it is first needed: it takes long to start, and a database may never need it. */
  private synchronized Engine engine() {
    if (engine == null) {
      engine = Sandbox.engine();
    }
    return engine;
  }

  /** The next piece of work; null when the thread is to end. */
  private synchronized @Nullable Work<?> take(ScriptThread thread) {
    while (!closed && threads.contains(thread)) {
      Work<?> work = waiting.poll();
      if (work != null && !work.result.isDone()) {
        return work;
      }
      if (work == null) {
        try {
          wait();
        } catch (InterruptedException e) {
          // Left over from work that was ended; only closing ends this thread.
          continue;
        }
      }
    }
    return null;
  }

  /**
   * Does one piece of work.
   *
   * @return whether the sandbox can be used on
   */
  private <T> boolean run(Work<T> work, ScriptThread thread, SandboxHolder holder) {
    Outcome<T> outcome;
    boolean usable = false;
    try {
      // Making a sandbox runs counted code too.
      thread.resetCounters();
      Sandbox sandbox = holder.get();
      begin(work, thread, sandbox);
      outcome = new Outcome.Done<>(work.body.apply(sandbox));
      usable = true;
    } catch (PolyglotException e) {
      outcome = new Outcome.Exceeded<>(reason(e));
    } catch (StackOverflowError | OutOfMemoryError e) {
      outcome = new Outcome.Exceeded<>("the function needs too much memory");
    } catch (Throwable e) {
      end(work);
      work.result.completeExceptionally(e);
      return false;
    }
    String killed = end(work);
    if (killed != null) {
      usable = false;
      // What ended just before it was killed counts as ended.
      if (outcome instanceof Outcome.Exceeded<T>) {
        outcome = new Outcome.Exceeded<>(killed);
      }
    }
    if (outcome instanceof Outcome.Exceeded<T>) {
      exceeded.add(1);
    }
    work.result.complete(outcome);
    return usable;
  }

  private void begin(Work<?> work, ScriptThread thread, Sandbox sandbox) {
    thread.resetCounters();
    work.thread = thread;
    work.sandbox = sandbox;
    work.allocatedBefore = measures.getThreadAllocatedBytes(thread.getId());
    work.cpuNanosBefore = measures.getThreadCpuTime(thread.getId());
    synchronized (this) {
      running.add(work);
      if (running.size() == 1) {
        notifyAll();
      }
    }
  }

  private @Nullable String end(Work<?> work) {
    synchronized (this) {
      running.remove(work);
    }
    synchronized (work) {
      work.ended = true;
      return work.killed;
    }
  }

  private static String reason(PolyglotException e) {
    if (e.isInternalError()) {
      return "the JavaScript engine failed: " + e.getMessage();
    }
    String message = e.getMessage();
    return message == null ? "the function exceeds a limit" : message;
  }

  private void watch() {
    boolean watching = true;
    while (watching) {
      try {
        watching = lookAround();
      } catch (OutOfMemoryError e) {
        // What used up the memory is about to be ended; the watch must outlive it.
        watching = true;
      }
    }
  }

  /**
   * Looks at what is running, after waiting for a few milliseconds, or for something to run.
   *
   * @return whether to go on
   */
  private boolean lookAround() {
    List<Work<?>> looked;
    synchronized (this) {
      try {
        if (!running.isEmpty()) {
          wait(POLL_MILLIS);
        } else if (closed) {
          return false;
        } else {
          wait();
        }
      } catch (InterruptedException e) {
        return false;
      }
      looked = List.copyOf(running);
    }
    looked.forEach(this::look);
    return true;
  }

  private void look(Work<?> work) {
    ScriptThread thread = Objects.requireNonNull(work.thread);
    // Elapsed time of a real thread, not a time of day: no clock that a test moves applies.
    long now = System.nanoTime();
    synchronized (work) {
      if (work.ended) {
        return;
      }
      if (work.killed != null) {
        if (now - work.killedNanos > graceNanos) {
          abandon(work, thread);
        }
        return;
      }
      long cpuNanos = measures.getThreadCpuTime(thread.getId()) - work.cpuNanosBefore;
      if (cpuNanos > limits.timeout().toNanos()) {
        kill(work, limits.timeExceeded(), now);
      } else if (measures.getThreadAllocatedBytes(thread.getId()) - work.allocatedBefore
          > limits.memoryBytes()) {
        kill(work, limits.memoryExceeded(), now);
      }
    }
  }

  /** Ends the work's sandbox on a thread of its own, since that waits for the end. */
  private void kill(Work<?> work, String reason, long now) {
    work.killed = reason;
    work.killedNanos = now;
    Sandbox sandbox = Objects.requireNonNull(work.sandbox);
    Thread killer = new Thread(sandbox::end, "millrace-" + module + "-end");
    killer.setDaemon(true);
    killer.start();
  }

  private void abandon(Work<?> work, ScriptThread thread) {
    work.ended = true;
    synchronized (this) {
      running.remove(work);
      threads.remove(thread);
      if (!closed) {
        startThread(thread.getName());
      }
    }
    lost.add(1);
    completeAbandoned(work);
  }

  private static <T> void completeAbandoned(Work<T> work) {
    work.result.complete(new Outcome.Exceeded<>(work.killed + ", and cannot be ended"));
  }

  /** Ends what runs, refuses what waits, and waits for the threads. */
  @Override
  public void close() {
    List<Thread> ending;
    List<Work<?>> refused;
    List<Work<?>> ended;
    synchronized (this) {
      closed = true;
      ending = new ArrayList<>(threads);
      if (watchdog != null) {
        ending.add(watchdog);
      }
      refused = List.copyOf(waiting);
      ended = List.copyOf(running);
      waiting.clear();
      notifyAll();
    }
    for (Work<?> work : refused) {
      work.result.completeExceptionally(closedPool());
    }
    for (Work<?> work : ended) {
      synchronized (work) {
        if (!work.ended && work.killed == null) {
          kill(work, "the view is closed", System.nanoTime());
        }
      }
    }
    boolean interrupted = false;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
    for (Thread thread : ending) {
      interrupted |= join(thread, deadline);
    }
    synchronized (this) {
      if (engine != null) {
        engine.close(true);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a thread; returns whether the waiting was interrupted. */
  private static boolean join(Thread thread, long deadline) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return interrupted;
      }
      try {
        thread.join(left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
