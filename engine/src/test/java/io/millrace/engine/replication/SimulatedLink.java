package io.millrace.engine.replication;

import io.millrace.api.replication.Link;
import io.millrace.api.replication.LinkListener;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection. The end that opened it reaches the other one again and again; the end
 * that was opened by another ends with the connection, though it may notice late.
 */
final class SimulatedLink implements Link {
  private final SimulatedNetwork network;
  private final SimulatedTransport owner;
  private final @Nullable String address;
  private @Nullable LinkListener listener;
  private @Nullable SimulatedLink other;
  private boolean closed;
  private boolean halfOpen;
  private int underWay;
  private long lastArrival;

  /**
   * @param address what is reached; null for the end that was opened by another
   */
  SimulatedLink(SimulatedNetwork network, SimulatedTransport owner, @Nullable String address) {
    this.network = network;
    this.owner = owner;
    this.address = address;
  }

  void listener(LinkListener theListener) {
    listener = theListener;
  }

  String host() {
    return owner.host();
  }

  /** Makes {@code end} the other end. */
  void join(SimulatedLink end) {
    other = end;
  }

  private RandomGenerator random() {
    return network.random();
  }

  void reachLater() {
    network.time().after(1 + random().nextInt(random().nextInt(4) == 0 ? 500 : 10), this::reach);
  }

  private void reach() {
    if (closed || other != null || address == null) {
      return;
    }
    SimulatedTransport target = network.listener(address);
    if (target == null
        || network.isCut(host(), target.host())
        || network.isCut(target.host(), host())) {
      network.time().after(50 + random().nextInt(500), this::reach);
    } else {
      other = target.accept(this);
    }
  }

  @Override
  public boolean send(byte[] frame) {
    if (frame.length > SimulatedNetwork.MAX_FRAME_BYTES) {
      throw new IllegalArgumentException("a frame of " + frame.length + " bytes");
    }
    SimulatedLink to = other;
    if (halfOpen && !closed) {
      return random().nextBoolean();
    }
    if (closed || to == null || to.underWay >= network.weather().queue()) {
      return false;
    }
    network.carry(this, to, frame);
    return true;
  }

  /** Lets {@code frame} arrive here. */
  void deliver(byte[] frame, long delayMillis) {
    long arrival = network.time().nowMillis() + delayMillis;
    if (network.weather().inOrder()) {
      arrival = Math.max(arrival, lastArrival + 1);
      lastArrival = arrival;
    }
    underWay++;
    SimulatedLink sender = other;
    network
        .time()
        .after(
            arrival - network.time().nowMillis(),
            () -> {
              underWay--;
              LinkListener hearing = listener;
              if (!closed && hearing != null && (sender == other || random().nextBoolean())) {
                hearing.received(frame);
              }
            });
  }

  @Override
  public String remote() {
    SimulatedLink end = other;
    return end == null ? String.valueOf(address) : end.host();
  }

  @Override
  public @Nullable String remoteKey() {
    return null;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      owner.forget(this);
      SimulatedLink end = other;
      other = null;
      if (end != null) {
        end.lost();
      }
    }
  }

  /** Breaks the connection, not the link that opened it. */
  void tear() {
    SimulatedLink end = other;
    if (end != null) {
      lost();
      end.lost();
    }
  }

  /** The end that opened the connection gives up, as a transport may. */
  void giveUp() {
    SimulatedLink end = other;
    other = null;
    end("no more attempts");
    if (end != null) {
      end.lost();
    }
  }

  /** The other end is gone. */
  private void lost() {
    if (closed) {
      return;
    }
    if (address != null) {
      other = null;
      reachLater();
    } else {
      halfOpen = true;
      long notice = random().nextInt(5) == 0 ? 20_000 : 20;
      network.time().after(1 + random().nextLong(notice), () -> end("the other side has gone"));
    }
  }

  private void end(String reason) {
    if (closed) {
      return;
    }
    closed = true;
    owner.forget(this);
    LinkListener hearing = listener;
    if (hearing != null && !owner.closed()) {
      hearing.closed(reason);
    }
  }
}
