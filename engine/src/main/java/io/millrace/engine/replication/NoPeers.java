package io.millrace.engine.replication;

import io.millrace.api.error.UnsupportedException;
import io.millrace.api.replication.Peer;
import io.millrace.api.replication.PeerRequest;
import io.millrace.api.replication.Peers;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The peers of a database that was opened without a transport: none, and none can be added. */
public final class NoPeers implements Peers {
  @Override
  public @Nullable String address() {
    return null;
  }

  @Override
  public @Nullable String key() {
    return null;
  }

  @Override
  public List<Peer> list() {
    return List.of();
  }

  @Override
  public Optional<Peer> find(String name) {
    return Optional.empty();
  }

  @Override
  public Added add(PeerRequest request) {
    throw new UnsupportedException(
        "no-replication", "this database was opened without a transport, and has no peers");
  }

  @Override
  public boolean remove(String name) {
    return false;
  }
}
