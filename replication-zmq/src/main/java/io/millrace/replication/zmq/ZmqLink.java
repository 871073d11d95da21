package io.millrace.replication.zmq;

import io.millrace.api.replication.Link;
import org.jspecify.annotations.Nullable;

/** A link of either side. */
final class ZmqLink implements Link {
  private final Exchange exchange;
  private final int maxFrameBytes;
  private final String remote;
  private final @Nullable String remoteKey;
  private final Runnable end;

  /** The connection that stands now; null while the other side is not reached. */
  private volatile @Nullable Lane lane;

  private volatile boolean closed;

  /**
   * @param end what to do on the thread of the transport when the link was closed
   */
  ZmqLink(
      Exchange exchange,
      int maxFrameBytes,
      String remote,
      @Nullable String remoteKey,
      Runnable end) {
    this.exchange = exchange;
    this.maxFrameBytes = maxFrameBytes;
    this.remote = remote;
    this.remoteKey = remoteKey;
    this.end = end;
  }

  @Override
  public boolean send(byte[] frame) {
    if (frame.length > maxFrameBytes) {
      throw new IllegalArgumentException(
          "a frame of " + frame.length + " bytes, of which " + maxFrameBytes + " are allowed");
    }
    Lane now = lane;
    if (now == null || closed || !now.credit().take(frame.length)) {
      return false;
    }
    return exchange.execute(() -> transmit(now, frame));
  }

  @Override
  public String remote() {
    return remote;
  }

  @Override
  public @Nullable String remoteKey() {
    return remoteKey;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      exchange.execute(end);
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** The other side is reached by {@code connection}, or is not any more. */
  void reachedBy(@Nullable Lane connection) {
    lane = connection;
  }

  private void transmit(Lane taken, byte[] frame) {
    if (taken == lane && !closed) {
      taken.send(frame);
    }
  }
}
