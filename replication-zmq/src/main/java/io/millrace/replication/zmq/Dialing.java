package io.millrace.replication.zmq;

import io.millrace.api.replication.LinkListener;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.Msg;

/**
 * The way to one address, by a socket of its own. ZeroMQ connects it again whenever the connection
 * breaks, unless it has been refused: then it never tries again, and some connections it forgets.
 * So a new socket is made when nobody answers, after a while that gets longer. Belongs to the
 * thread of the transport.
 */
final class Dialing implements Exchange.Served {
  private static final int TURN = 256;
  private static final long LEAST_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long MOST_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Exchange exchange;
  private final ZmqOptions options;
  private final String address;
  private final byte @Nullable [] key;
  private final ZmqLink link;
  private final LinkListener listener;

  private ZMQ.@Nullable Socket socket;
  private long dialedAt;
  private long patienceNanos = LEAST_PATIENCE_NANOS;
  private @Nullable Lane lane;
  private int number;

  Dialing(
      Exchange exchange,
      ZmqOptions options,
      String address,
      @Nullable String key,
      LinkListener listener) {
    this.exchange = exchange;
    this.options = options;
    this.address = address;
    this.key = key == null ? null : Keys.parse(key);
    this.link = new ZmqLink(exchange, options.maxFrameBytes(), address, key, this::end);
    this.listener = exchange.guard(listener);
  }

  ZmqLink link() {
    return link;
  }

  @Override
  public ZMQ.Socket socket() {
    return Objects.requireNonNull(socket);
  }

  /** Begins to connect, and to be served. */
  void dial() {
    dialedAt = System.nanoTime();
    ZMQ.Socket dialing = Sockets.connecting(exchange.context(), options, key);
    socket = dialing;
    exchange.add(this);
    try {
      dialing.connect(address);
    } catch (ZMQException | IllegalArgumentException e) {
      // A name that is not known now may be known later.
      exchange.complaints().about(address, "cannot be connected to: " + e.getMessage());
    }
  }

  @Override
  public void serve() {
    for (int i = 0; i < TURN; i++) {
      Msg message = socket().base().recv(zmq.ZMQ.ZMQ_DONTWAIT);
      if (message == null) {
        break;
      }
      try {
        take(message.data());
      } catch (Violation e) {
        exchange.meters().violated();
        exchange.complaints().about(address, "its connection is ended: it sent " + e.getMessage());
        redial();
        return;
      }
    }
    if (lane != null) {
      lane.tellWhatWasRead();
    }
  }

  @Override
  public void look() {
    if (lane == null && System.nanoTime() - dialedAt > patienceNanos) {
      patienceNanos = Math.min(2 * patienceNanos, MOST_PATIENCE_NANOS);
      redial();
    }
  }

  private void take(byte[] piece) {
    if (piece.length == 0) {
      throw new Violation("an empty message");
    }
    switch (piece[0]) {
      case Piece.WELCOME -> open(piece);
      case Piece.LOST -> lose();
      default -> {
        byte[] frame = lane == null ? null : lane.receive(piece);
        if (frame != null) {
          deliver(lane, frame);
        }
      }
    }
  }

  private void open(byte[] piece) {
    if (piece.length != 7 || piece[1] != Piece.VERSION) {
      throw new Violation("another version of the transport");
    }
    // Nothing goes the old way from here on: the other side would not take it.
    link.reachedBy(null);
    lane = null;
    ByteBuffer said = ByteBuffer.wrap(piece, 2, piece.length - 2);
    Piece.Terms theirs = new Piece.Terms(said.get() == 1, Math.max(1, said.getInt()));
    number++;
    if (send(Piece.open(exchange.terms(), number))) {
      lane = new Lane(number, theirs, options, exchange.packing(), exchange.meters(), this::send);
      link.reachedBy(lane);
      patienceNanos = LEAST_PATIENCE_NANOS;
    }
  }

  /** Says goodbye, since it may be long before JeroMQ really closes a connection. */
  private void end() {
    if (socket != null) {
      if (lane != null) {
        send(Piece.lost());
      }
      lose();
      exchange.remove(this);
    }
  }

  private void lose() {
    lane = null;
    link.reachedBy(null);
    dialedAt = System.nanoTime();
  }

  private void redial() {
    lose();
    exchange.remove(this);
    dial();
  }

  private void deliver(@Nullable Lane from, byte[] frame) {
    int length = frame.length;
    if (!link.isClosed()) {
      listener.received(frame);
    }
    if (from != null) {
      from.delivered(length);
    }
  }

  private boolean send(byte[] piece) {
    return socket().base().send(new Msg(piece), zmq.ZMQ.ZMQ_DONTWAIT);
  }
}
