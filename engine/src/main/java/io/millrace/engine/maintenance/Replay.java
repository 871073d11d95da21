package io.millrace.engine.maintenance;

import io.millrace.api.log.Log;
import io.millrace.api.store.Store;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.TreeLoader;
import io.millrace.engine.log.EngineLog;
import io.millrace.engine.write.Recovery;

/** Computes the index of a log into an empty store, as the opening of a database does. */
final class Replay {
  private Replay() {}

  static void run(Store store, Log log, int treeDepth, ProgressListener listener) {
    long last = log.since().value();
    EngineLog records = new EngineLog(() -> log);
    Recovery.prepare(store, records, true);
    DocumentIndex index = new DocumentIndex(store);
    new Recovery(records, index, new TreeLoader(index, records, treeDepth))
        .run(
            (update, sequence) ->
                listener.progress("building the index", sequence, last, "records"));
  }
}
