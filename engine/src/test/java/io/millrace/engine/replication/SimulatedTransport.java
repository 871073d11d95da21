package io.millrace.engine.replication;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.replication.Link;
import io.millrace.api.replication.LinkListener;
import io.millrace.api.replication.Transport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The transport of one life of a host in a {@link SimulatedNetwork}. */
final class SimulatedTransport implements Transport {
  private final SimulatedNetwork network;
  private final String host;
  private final @Nullable String address;
  private final List<SimulatedLink> links = new ArrayList<>();
  private @Nullable Acceptor acceptor;
  private boolean closed;

  SimulatedTransport(SimulatedNetwork network, String host, boolean reachable) {
    this.network = network;
    this.host = host;
    this.address = reachable ? SimulatedNetwork.address(host) : null;
  }

  @Override
  public void require(String wanted, @Nullable String key) {
    if (!wanted.startsWith("sim://")) {
      throw new InvalidRequestException("invalid-address", "no simulated address: " + wanted);
    }
  }

  @Override
  public @Nullable String address() {
    return address;
  }

  @Override
  public @Nullable String key() {
    return null;
  }

  @Override
  public int maxFrameBytes() {
    return SimulatedNetwork.MAX_FRAME_BYTES;
  }

  @Override
  public void listen(Acceptor theAcceptor) {
    acceptor = theAcceptor;
    if (address != null) {
      network.listen(address, this);
    }
  }

  @Override
  public Link connect(String wanted, @Nullable String key, LinkListener listener) {
    if (closed) {
      throw new IllegalStateException("the transport is closed");
    }
    SimulatedLink link = new SimulatedLink(network, this, wanted);
    link.listener(listener);
    links.add(link);
    link.reachLater();
    return link;
  }

  /** The other end of {@code opener}. */
  SimulatedLink accept(SimulatedLink opener) {
    SimulatedLink link = new SimulatedLink(network, this, null);
    links.add(link);
    link.join(opener);
    Acceptor present = acceptor;
    if (present == null) {
      throw new IllegalStateException("nobody listens at " + host);
    }
    link.listener(present.accepted(link));
    return link;
  }

  String host() {
    return host;
  }

  boolean closed() {
    return closed;
  }

  void forget(SimulatedLink link) {
    links.remove(link);
  }

  /** The links that are not closed. */
  List<SimulatedLink> links() {
    return List.copyOf(links);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (address != null) {
        network.silence(address, this);
      }
      links().forEach(SimulatedLink::close);
    }
  }
}
