package io.millrace.replication.zmq;

import io.millrace.api.replication.LinkListener;
import io.millrace.api.replication.Transport;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;
import zmq.Msg;
import zmq.io.Metadata;

/** The links that others have opened. Belongs to the thread of the transport. */
final class Listening implements Exchange.Served {
  /** How many messages are taken before others have their turn. */
  private static final int TURN = 256;

  private final Exchange exchange;
  private final ZmqOptions options;
  private final ZMQ.Socket socket;
  private final Gate gate;
  private final Transport.Acceptor acceptor;
  private final Map<ByteBuffer, Guest> guests = new HashMap<>();

  private record Guest(String address, ZmqLink link, Lane lane, LinkListener listener) {}

  Listening(
      Exchange exchange,
      ZmqOptions options,
      ZMQ.Socket socket,
      Gate gate,
      Transport.Acceptor acceptor) {
    this.exchange = exchange;
    this.options = options;
    this.socket = socket;
    this.gate = gate;
    this.acceptor = acceptor;
  }

  @Override
  public ZMQ.Socket socket() {
    return socket;
  }

  @Override
  public void serve() {
    for (int i = 0; i < TURN; i++) {
      Msg id = socket.base().recv(zmq.ZMQ.ZMQ_DONTWAIT);
      if (id == null) {
        break;
      }
      Msg piece = socket.base().recv(zmq.ZMQ.ZMQ_DONTWAIT);
      boolean single = piece != null && !piece.hasMore();
      for (Msg rest = piece; rest != null && rest.hasMore(); ) {
        rest = socket.base().recv(zmq.ZMQ.ZMQ_DONTWAIT);
      }
      if (piece != null) {
        take(ByteBuffer.wrap(id.data().clone()), piece, single);
      }
    }
    guests.values().forEach(guest -> guest.lane().tellWhatWasRead());
  }

  @Override
  public void look() {
    gate.look();
  }

  private void take(ByteBuffer id, Msg message, boolean single) {
    byte[] piece = message.data();
    Guest guest = guests.get(id);
    try {
      if (!single || piece.length == 0) {
        throw new Violation("a message in parts, or an empty one");
      }
      if (piece[0] == Piece.LOST) {
        forget(id, "the other side went away");
        if (guest != null) {
          gate.showOut(guest.address());
        }
      } else if (piece[0] == Piece.OPEN) {
        forget(id, "the other side has opened another link");
        open(id, piece, message.getMetadata());
      } else if (guest != null) {
        byte[] frame = guest.lane().receive(piece);
        if (frame != null) {
          deliver(guest, frame);
        }
      }
    } catch (Violation e) {
      violated(id, address(message.getMetadata()), e);
    }
  }

  private void open(ByteBuffer id, byte[] piece, @Nullable Metadata metadata) {
    String address = address(metadata);
    if (id.capacity() != 5 || id.get(0) != 0 || address == null) {
      throw new Violation("a name for itself, which nobody may choose");
    }
    if (piece.length != 11 || piece[1] != Piece.VERSION) {
      throw new Violation("another version of the transport");
    }
    if (guests.size() >= options.maxLinks()) {
      throw new Violation("one link more than may be opened");
    }
    ByteBuffer said = ByteBuffer.wrap(piece, 2, piece.length - 2);
    Piece.Terms theirs = new Piece.Terms(said.get() == 1, Math.max(1, said.getInt()));
    Lane lane =
        new Lane(
            said.getInt(),
            theirs,
            options,
            exchange.packing(),
            exchange.meters(),
            out -> send(id, out));
    String key = options.keys() == null || metadata == null ? null : metadata.get("User-Id");
    ZmqLink link =
        new ZmqLink(
            exchange, options.maxFrameBytes(), "tcp://" + address, key, () -> end(id, address));
    link.reachedBy(lane);
    gate.know(address);
    LinkListener listener = exchange.guard(acceptor).accepted(link);
    if (!link.isClosed()) {
      guests.put(id, new Guest(address, link, lane, exchange.guard(listener)));
    }
  }

  private void deliver(Guest guest, byte[] frame) {
    int length = frame.length;
    if (!guest.link().isClosed()) {
      guest.listener().received(frame);
    }
    guest.lane().delivered(length);
  }

  private boolean send(ByteBuffer id, byte[] piece) {
    return socket.base().send(new Msg(id.array()), zmq.ZMQ.ZMQ_SNDMORE | zmq.ZMQ.ZMQ_DONTWAIT)
        && socket.base().send(new Msg(piece), zmq.ZMQ.ZMQ_DONTWAIT);
  }

  private void end(ByteBuffer id, String address) {
    guests.remove(id);
    gate.showOut(address);
  }

  private void forget(ByteBuffer id, String reason) {
    Guest guest = guests.remove(id);
    if (guest != null) {
      guest.link().reachedBy(null);
      if (!guest.link().isClosed()) {
        guest.listener().closed(reason);
      }
    }
  }

  private void violated(ByteBuffer id, @Nullable String address, Violation violation) {
    exchange.meters().violated();
    forget(id, violation.getMessage());
    if (address != null) {
      exchange
          .complaints()
          .about(address, "its connection is ended: it sent " + violation.getMessage());
      gate.showOut(address);
    }
  }

  private static @Nullable String address(@Nullable Metadata metadata) {
    return metadata == null ? null : metadata.get("Peer-Address");
  }
}
