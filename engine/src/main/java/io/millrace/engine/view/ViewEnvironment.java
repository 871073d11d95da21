package io.millrace.engine.view;

import io.millrace.api.log.Incarnation;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.engine.read.DocumentReader;
import io.millrace.engine.read.ReadHorizon;
import java.time.Clock;

/**
 * What all views of a database share.
 *
 * @param since the sequence of the database
 * @param source what builds are fed with, read anew
 * @param portions the same, read once for all that want it
 * @param pool runs the steps of builds and the answers that had to wait
 * @param snapshots what views are read through
 * @param horizon is told of all reads
 */
record ViewEnvironment(
    Store store,
    Incarnation incarnation,
    ObservableSequence since,
    ChangeSource source,
    Portions portions,
    DocumentReader documents,
    ChangedDocuments changed,
    ViewRegistry registry,
    ViewMeters meters,
    Clock clock,
    StepPool pool,
    SharedSnapshots snapshots,
    ReadHorizon horizon) {
  /** A snapshot of the store, whose documents are not forgotten before it is closed. */
  StoreSnapshot snapshot() {
    return horizon.snapshot(store);
  }
}
