package io.millrace.engine.replication;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The time of a simulation, and everything that will happen in it. What happens at the same
 * millisecond happens in an order that chance decides. One thread does it all.
 */
final class SimulatedTime {
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Task> waiting =
      new PriorityQueue<>(
          Comparator.comparingLong(Task::atMillis)
              .thenComparingInt(task -> task.order)
              .thenComparingLong(task -> task.number));
  private final RandomGenerator random;
  private long nowMillis;
  private long tasks;

  SimulatedTime(RandomGenerator random) {
    this.random = random;
  }

  private static final class Task implements Loop.Timer {
    private final long atMillis;
    private final int order;
    private final long number;
    private @Nullable Runnable work;

    Task(long atMillis, int order, long number, Runnable work) {
      this.atMillis = atMillis;
      this.order = order;
      this.number = number;
      this.work = work;
    }

    long atMillis() {
      return atMillis;
    }

    @Override
    public void cancel() {
      work = null;
    }
  }

  /** Milliseconds since the beginning. */
  long nowMillis() {
    return nowMillis;
  }

  /** How many things were to happen so far. */
  long tasks() {
    return tasks;
  }

  Loop.Timer after(long delayMillis, Runnable work) {
    Task task = new Task(nowMillis + Math.max(0, delayMillis), random.nextInt(1024), tasks++, work);
    waiting.add(task);
    return task;
  }

  /** Lets everything happen up to {@code millis} milliseconds from now. */
  void pass(long millis) {
    long end = nowMillis + millis;
    Task next = waiting.peek();
    while (next != null && next.atMillis <= end) {
      waiting.remove();
      nowMillis = next.atMillis;
      Runnable work = next.work;
      if (work != null) {
        work.run();
      }
      next = waiting.peek();
    }
    nowMillis = end;
  }

  /** A clock that shows this time. */
  Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return BEGINNING.plusMillis(nowMillis);
      }
    };
  }
}
