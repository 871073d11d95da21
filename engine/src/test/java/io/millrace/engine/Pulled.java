package io.millrace.engine;

import io.millrace.api.Database;
import io.millrace.engine.replication.DatabaseReplica;
import io.millrace.engine.replication.PullCheckpoint;
import io.millrace.engine.replication.Replica.Answer;
import io.millrace.engine.replication.Replica.Changes;
import io.millrace.engine.replication.Selection;
import io.millrace.engine.replication.Sent;
import io.millrace.engine.replication.Wanted;
import java.util.ArrayList;
import java.util.List;

/** Takes from one database what another one lacks, with nothing between the two. */
final class Pulled {
  private Pulled() {}

  static DatabaseReplica replica(Database database) {
    return ((LocalDatabase) database).replica();
  }

  /**
   * Takes everything from where the last time ended.
   *
   * @return the revisions that were sent
   */
  static List<Sent> pull(Database from, Database to, Selection selection, int limit, long bytes) {
    DatabaseReplica source = replica(from);
    DatabaseReplica target = replica(to);
    PullCheckpoint known = target.checkpoint(source.database(), selection);
    long after =
        known != null
                && known.incarnation().equals(source.incarnation())
                && Use.await(source.recognises(known.anchor()))
            ? known.sequence()
            : 0;
    List<Sent> all = new ArrayList<>();
    while (after < source.since()) {
      Changes changes = Use.await(source.changes(after, selection, limit));
      List<Wanted> wanted = Use.await(target.missing(changes.documents(), selection));
      while (!wanted.isEmpty()) {
        Answer answer = Use.await(source.read(wanted, selection, bytes));
        Use.await(target.insert(answer.sent()));
        all.addAll(answer.sent());
        wanted = wanted.subList(answer.answered(), wanted.size());
      }
      after = changes.to();
      PullCheckpoint reached =
          new PullCheckpoint(source.incarnation(), changes.to(), changes.anchor());
      Use.await(target.saveCheckpoint(source.database(), selection, reached));
    }
    return all;
  }

  static List<Sent> pull(Database from, Database to, Selection selection) {
    return pull(from, to, selection, 1_000, 1 << 20);
  }

  static List<Sent> pull(Database from, Database to) {
    return pull(from, to, Selection.ALL);
  }
}
