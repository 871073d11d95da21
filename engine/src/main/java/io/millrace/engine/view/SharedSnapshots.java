package io.millrace.engine.view;

import io.millrace.api.log.ObservableSequence;
import io.millrace.api.store.StoreReader;
import io.millrace.api.store.StoreSnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Snapshots of the store that the reads of a build share, because making one for each read costs
 * about as much as reading a row.
 *
 * <p>A snapshot is given out for as long as the database's sequence has not moved and the build is
 * at the checkpoint at which it was made, so it shows all that a snapshot made now would show,
 * apart from what {@linkplain io.millrace.api.view.View#settle settling} changes, which no answer
 * depends on. It is given out for {@value #LONGEST_MILLIS} ms at most, so that a database in which
 * nobody reads keeps no old values alive; and it is closed when the last read that has it ends.
 *
 * <p>Safe for use by many threads.
 */
final class SharedSnapshots implements AutoCloseable {
  static final long LONGEST_MILLIS = 20;

  private final Supplier<StoreSnapshot> snapshots;
  private final ObservableSequence since;
  private final Timer timer;
  private final Map<Object, Shared> present = new ConcurrentHashMap<>();
  private final AtomicBoolean ending = new AtomicBoolean();
  private volatile boolean closed;

  /**
   * @param snapshots makes one
   * @param since the sequence of the database, which moves after the store was written
   */
  SharedSnapshots(Supplier<StoreSnapshot> snapshots, ObservableSequence since, Timer timer) {
    this.snapshots = snapshots;
    this.since = since;
    this.timer = timer;
  }

  /** Runs something short when some time is over; never, once the database is closing. */
  @FunctionalInterface
  interface Timer {
    void after(long delay, TimeUnit unit, Runnable work);
  }

  /** A snapshot, and how many use it. Using it counts as one; so does giving it out. */
  static final class Shared {
    private final StoreSnapshot snapshot;
    private final Object checkpoint;
    private final long sequence;
    private final AtomicInteger uses = new AtomicInteger(2);

    Shared(StoreSnapshot snapshot, Object checkpoint, long sequence) {
      this.snapshot = snapshot;
      this.checkpoint = checkpoint;
      this.sequence = sequence;
    }

    StoreReader reader() {
      return snapshot;
    }

    private boolean acquire() {
      while (true) {
        int now = uses.get();
        if (now == 0) {
          return false;
        }
        if (uses.compareAndSet(now, now + 1)) {
          return true;
        }
      }
    }

    /** Ends one use. */
    void release() {
      if (uses.decrementAndGet() == 0) {
        snapshot.close();
      }
    }
  }

  /**
   * A snapshot that shows everything that the database had acknowledged before this call, and that
   * {@code build} had written when it was at {@code checkpoint}. To be released once.
   *
   * @param checkpoint the present one of the build: an object of its own for each state of its rows
   */
  Shared use(Object build, Object checkpoint) {
    // Read before a snapshot is made, as the checkpoint was, so it shows that much or more.
    long sequence = since.value();
    Shared shared = present.get(build);
    if (shared != null
        && shared.checkpoint == checkpoint
        && shared.sequence == sequence
        && shared.acquire()) {
      return shared;
    }
    Shared made = new Shared(snapshots.get(), checkpoint, sequence);
    Shared former = present.put(build, made);
    if (former != null) {
      former.release();
    }
    if (closed) {
      end();
    } else if (ending.compareAndSet(false, true)) {
      timer.after(LONGEST_MILLIS, TimeUnit.MILLISECONDS, this::end);
    }
    return made;
  }

  /** Gives out no snapshot that was made before. */
  private void end() {
    ending.set(false);
    for (Object build : present.keySet()) {
      Shared shared = present.remove(build);
      if (shared != null) {
        shared.release();
      }
    }
  }

  /** Gives up what nobody uses; reads that go on keep theirs until they end. */
  @Override
  public void close() {
    closed = true;
    end();
  }
}
