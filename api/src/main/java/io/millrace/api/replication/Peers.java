package io.millrace.api.replication;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The servers that a database exchanges its documents with. Kept with the database; each is
 * connected again by itself whenever it cannot be reached.
 *
 * <p>Safe for use by many threads.
 */
public interface Peers {
  /**
   * Where others reach this database, for example {@code tcp://127.0.0.1:1445}; null if nowhere.
   */
  @Nullable String address();

  /** What others must know to reach it in private; null when nothing is encrypted. */
  @Nullable String key();

  /** All of them, by name. */
  List<Peer> list();

  /** The peer called {@code name}. */
  Optional<Peer> find(String name);

  /**
   * Adds a peer, durably, and begins to exchange documents with it. One with the same address, or
   * the same name and address, is not added again, and stays as it is.
   *
   * @throws io.millrace.api.error.InvalidRequestException when nothing can be reached at the
   *     address (code {@code invalid-address}), the key is none ({@code invalid-key}), or another
   *     peer has the name ({@code name-taken})
   * @throws io.millrace.api.error.UnsupportedException (code {@code no-replication}) when the
   *     database was opened without a transport
   */
  Added add(PeerRequest request);

  /**
   * Removes a peer, durably; nothing is taken from it or given to it any more.
   *
   * @return whether it was there
   */
  boolean remove(String name);

  /**
   * What became of an addition.
   *
   * @param isNew whether it was not there before
   */
  record Added(Peer peer, boolean isNew) {}
}
