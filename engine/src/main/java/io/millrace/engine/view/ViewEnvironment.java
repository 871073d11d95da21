package io.millrace.engine.view;

import io.millrace.api.log.Incarnation;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.store.Store;
import io.millrace.engine.read.DocumentReader;
import java.time.Clock;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What all views of a database share.
 *
 * @param since the sequence of the database
 * @param pool runs the steps of builds and the answers that had to wait
 */
record ViewEnvironment(
    Store store,
    Incarnation incarnation,
    ObservableSequence since,
    ChangeSource source,
    DocumentReader documents,
    ChangedDocuments changed,
    ViewRegistry registry,
    ViewMeters meters,
    Clock clock,
    ScheduledExecutorService pool) {
  private static final long LATER_MILLIS = 1_000;

  void execute(Runnable work) {
    try {
      pool.execute(work);
    } catch (RejectedExecutionException e) {
      // The database is closing; whoever opens it next goes on from the checkpoint.
      return;
    }
  }

  /** Runs what somebody waits for: on this very thread when the database is closing. */
  void answer(Runnable work) {
    try {
      pool.execute(work);
    } catch (RejectedExecutionException e) {
      work.run();
    }
  }

  void later(Runnable work) {
    try {
      pool.schedule(work, LATER_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // As above.
      return;
    }
  }
}
