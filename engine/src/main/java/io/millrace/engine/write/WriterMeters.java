package io.millrace.engine.write;

import io.millrace.api.document.CommitOutcome;
import io.millrace.spi.Meters;
import java.util.function.IntSupplier;

/** What the writer counts. */
final class WriterMeters {
  private final Meters.Counter changes;
  private final Meters.Counter commits;
  private final Meters.Counter conflicts;
  private final Meters.Distribution batchRecords;
  private final Meters.Distribution batchCommits;

  WriterMeters(Meters meters, IntSupplier queued) {
    changes =
        meters.counter(
            "writer.changes", "records that became durable: changes, and commits without changes");
    commits = meters.counter("writer.commits", "writes that were answered as done");
    conflicts =
        meters.counter(
            "writer.conflicts", "edits that were refused because of the document's state");
    batchRecords =
        meters.distribution("writer.batch.records", "records", "records appended with one batch");
    batchCommits =
        meters.distribution("writer.batch.commits", "commits", "writes that shared one batch");
    meters.gauge("writer.queue", "writes", "writes that wait for the writer", queued::getAsInt);
  }

  void planned(CommitOutcome outcome) {
    if (outcome instanceof CommitOutcome.Refused refused) {
      conflicts.add(refused.refusals().size());
    }
  }

  void committed(int records, int tasks) {
    changes.add(records);
    commits.add(tasks);
    batchRecords.record(records);
    batchCommits.record(tasks);
  }
}
