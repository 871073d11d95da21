package io.millrace.backend.flat;

import io.millrace.api.error.MillraceException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Removes the rows of dropped keyspaces, some at a time, on a thread that lives while there are
 * any.
 *
 * <p>What is not removed when the process ends is removed when the store is opened again, since the
 * mark of the drop goes last.
 */
final class Sweeper {
  private static final int ROWS_AT_ONCE = 1_000;
  private static final Logger LOG = System.getLogger(Sweeper.class.getName());

  private final FlatStore store;
  private final FlatReader newest;
  private final UseGate gate;

  /** Guarded by this. */
  private final Queue<Integer> waiting = new ArrayDeque<>();

  /** Guarded by this; null when nothing waits. */
  private @Nullable Thread thread;

  private boolean ended;

  Sweeper(FlatStore store, FlatReader newest, UseGate gate) {
    this.store = store;
    this.newest = newest;
    this.gate = gate;
  }

  /** Takes up what a former life of the store left. */
  void resume() {
    byte[] from = FlatKeyspace.prefix(KeyspaceRegistry.DROPPED_ID);
    byte[] to = FlatKeyspace.prefix(KeyspaceRegistry.DROPPED_ID + 1);
    try (FlatWalk marks = newest.walk(from, to, false)) {
      while (marks.advance()) {
        add(FlatKeyspace.idOfMark(marks.key()));
      }
    }
  }

  synchronized void add(int id) {
    if (ended) {
      return;
    }
    waiting.add(id);
    if (thread == null) {
      thread = new Thread(this::run, "millrace-store-sweep");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Returns when the thread has ended; the gate is shut. */
  void end() {
    Thread last;
    synchronized (this) {
      ended = true;
      waiting.clear();
      last = thread;
    }
    boolean interrupted = false;
    while (last != null && last.isAlive()) {
      try {
        last.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Integer id = next();
    while (id != null) {
      sweep(id);
      id = next();
    }
  }

  private synchronized @Nullable Integer next() {
    Integer id = waiting.poll();
    if (id == null) {
      thread = null;
    }
    return id;
  }

  private void sweep(int id) {
    byte[] from = FlatKeyspace.prefix(id);
    byte[] to = FlatKeyspace.prefix(id + 1);
    while (gate.tryEnter()) {
      try {
        List<FlatChange> removals = new ArrayList<>();
        try (FlatWalk rows = newest.walk(from, to, false)) {
          while (removals.size() < ROWS_AT_ONCE && rows.advance()) {
            from = rows.key(); // deleted rows before it need not be walked over again
            removals.add(FlatChange.removal(from));
          }
        }
        boolean last = removals.size() < ROWS_AT_ONCE;
        if (last) {
          removals.add(FlatChange.removal(KeyspaceRegistry.dropMark(id)));
        }
        store.apply(removals);
        if (last) {
          return;
        }
      } catch (MillraceException e) {
        LOG.log(Level.WARNING, "the rows of a dropped keyspace stay until the next start", e);
        return;
      } finally {
        gate.leave();
      }
    }
  }
}
