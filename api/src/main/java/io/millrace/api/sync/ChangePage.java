package io.millrace.api.sync;

import java.util.List;

/**
 * Changes of a server that a client has not seen.
 *
 * @param cid what the client has reached when it has applied them; to go on from
 * @param changes in the order of the server's log, the newest state of each document
 * @param more whether another page follows
 */
public record ChangePage(String cid, List<SyncedChange> changes, boolean more) {
  public ChangePage {
    changes = List.copyOf(changes);
  }
}
