package io.millrace.engine.replication;

import io.millrace.api.error.UnavailableException;
import java.util.List;

/** A book of peers that outlives the lives of its owner. */
final class SimulatedBook implements PeerBook {
  private List<KnownPeer> written = List.of();
  private boolean refuses;

  /** Whether nothing can be written from now on. */
  void refuses(boolean now) {
    refuses = now;
  }

  @Override
  public List<KnownPeer> load() {
    return written;
  }

  @Override
  public void save(List<KnownPeer> peers) {
    if (refuses) {
      throw new UnavailableException("disk-full", "the simulated disk is full");
    }
    written = List.copyOf(peers);
  }
}
