package io.millrace.engine.replication;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/** The loop of one life of a peer, in simulated time. It can be stopped in an instant. */
final class SimulatedLoop implements Loop {
  private final SimulatedTime time;
  private final RandomGenerator random;
  private final long beginning;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private long stalledUntil;
  private boolean ended;

  SimulatedLoop(SimulatedTime time, RandomGenerator random) {
    this.time = time;
    this.random = random;
    this.beginning = random.nextLong(1L << 40);
  }

  @Override
  public long nowMillis() {
    return beginning + time.nowMillis();
  }

  @Override
  public void execute(Runnable task) {
    if (!ended) {
      waiting.add(task);
      time.after(lateness(), this::runNext);
    }
  }

  private void runNext() {
    if (ended) {
      return;
    }
    long stall = stalledUntil - time.nowMillis();
    if (stall > 0) {
      time.after(stall, this::runNext);
    } else {
      waiting.remove().run();
    }
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    boolean[] cancelled = {false};
    if (!ended) {
      time.after(delay.toMillis() + lateness(), () -> runUnless(cancelled, task));
    }
    return () -> cancelled[0] = true;
  }

  private void runUnless(boolean[] cancelled, Runnable task) {
    if (ended || cancelled[0]) {
      return;
    }
    long stall = stalledUntil - time.nowMillis();
    if (stall > 0) {
      time.after(stall, () -> runUnless(cancelled, task));
    } else {
      task.run();
    }
  }

  /** Work that another thread does meanwhile; not done once the loop has ended. */
  void elsewhere(long delayMillis, Runnable work) {
    time.after(
        delayMillis,
        () -> {
          if (!ended) {
            work.run();
          }
        });
  }

  private long lateness() {
    return random.nextInt(8) == 0 ? 1 + random.nextInt(3) : 0;
  }

  /** Runs nothing for a while, as when a machine is short of breath. */
  void stall(long millis) {
    stalledUntil = time.nowMillis() + millis;
  }

  /** Nothing runs from here on. */
  void end() {
    ended = true;
    waiting.clear();
  }
}
