package io.millrace.sync;

import io.millrace.api.document.Attribution;
import io.millrace.api.sync.ChangeOutcome;
import io.millrace.api.sync.ChangePage;
import io.millrace.api.sync.SyncServer;
import io.millrace.api.sync.SyncedChange;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A server to which something happens before it is sent changes. */
abstract class Interfering implements SyncServer {
  private final SyncServer server;
  private int times;

  Interfering(SyncServer server) {
    this.server = server;
  }

  /**
   * @param time from 1
   */
  abstract void beforeChange(int time);

  @Override
  public ChangePage changes(String cid, int limit) {
    return server.changes(cid, limit);
  }

  @Override
  public CompletionStage<ChangeOutcome> change(
      String cid, List<SyncedChange> changes, Attribution attribution) {
    beforeChange(++times);
    return server.change(cid, changes, attribution);
  }
}
