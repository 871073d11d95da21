package io.millrace.engine.replication;

import java.util.List;

/** Where the peers of a database are written down. */
public interface PeerBook {
  /**
   * What was written last; nothing at first.
   *
   * @throws io.millrace.api.error.CorruptionException when it cannot be read
   */
  List<KnownPeer> load();

  /**
   * Writes {@code peers} in the place of what was there, durably, as a whole or not at all.
   *
   * @throws io.millrace.api.error.UnavailableException when it cannot be written
   */
  void save(List<KnownPeer> peers);
}
