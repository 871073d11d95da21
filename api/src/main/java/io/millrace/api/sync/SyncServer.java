package io.millrace.api.sync;

import io.millrace.api.document.Attribution;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What clients that work offline sync with: it gives them what changed, and takes what they changed
 * if nothing else did meanwhile. So the server wins.
 *
 * <p>A <em>cid</em> says what a client has reached. It is opaque to clients: kept, and given back
 * as it came. It belongs to one life of one bucket in one log, and a server that is not the one
 * that gave it, or lost what it stands for, refuses it with {@link StartOverException}.
 *
 * <p>Safe for use by many threads.
 */
public interface SyncServer {
  /** The cid of a client that has seen nothing. */
  String START = "0";

  /**
   * What changed after {@code cid}, at most {@code limit} documents, fewer when they are large.
   *
   * @throws StartOverException when {@code cid} says nothing to this server
   * @throws io.millrace.api.error.InvalidRequestException when it is no cid at all (code {@code
   *     invalid-cid}), or {@code limit} is below 1
   */
  ChangePage changes(String cid, int limit);

  /**
   * Makes {@code changes} together, if nothing changed after {@code cid}; otherwise none of them.
   * Deleting what is not there changes nothing.
   *
   * @param changes each document once
   * @return fails as {@link #changes} throws, and as {@link io.millrace.api.Database#commit} does
   */
  CompletionStage<ChangeOutcome> change(
      String cid, List<SyncedChange> changes, Attribution attribution);
}
