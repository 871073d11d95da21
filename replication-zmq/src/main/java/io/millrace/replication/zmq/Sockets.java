package io.millrace.replication.zmq;

import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import zmq.Msg;

/** Makes the sockets of ZeroMQ, with what all of them have in common. */
final class Sockets {
  private static final int HEARTBEAT_MILLIS = 5_000;
  private static final int SILENCE_MILLIS = 15_000;
  private static final int HANDSHAKE_MILLIS = 10_000;
  private static final int FIRST_RECONNECT_MILLIS = 100;
  private static final int LAST_RECONNECT_MILLIS = 5_000;

  private Sockets() {}

  /** What happens to a connection, told on a thread of ZeroMQ. */
  interface ConnectionListener {
    void accepted(SelectableChannel channel);

    void disconnected(SelectableChannel channel);
  }

  static ZMQ.Socket listening(
      ZMQ.Context context, ZmqOptions options, byte[] welcome, ConnectionListener listener) {
    ZMQ.Socket socket = make(context, SocketType.ROUTER, options);
    socket.setRouterMandatory(true);
    socket.setHelloMsg(welcome);
    socket.base().setSocketOpt(zmq.ZMQ.ZMQ_DISCONNECT_MSG, Piece.lost());
    Keys keys = options.keys();
    if (keys != null) {
      socket.setCurveServer(true);
      socket.setCurvePublicKey(keys.publicKey());
      socket.setCurveSecretKey(keys.secretKey());
    }
    socket
        .base()
        .setEventHook(
            event -> tell(listener, event),
            zmq.ZMQ.ZMQ_EVENT_ACCEPTED | zmq.ZMQ.ZMQ_EVENT_DISCONNECTED);
    return socket;
  }

  /**
   * @param key the other side's; null to encrypt nothing
   */
  static ZMQ.Socket connecting(ZMQ.Context context, ZmqOptions options, byte @Nullable [] key) {
    ZMQ.Socket socket = make(context, SocketType.DEALER, options);
    socket.base().setSocketOpt(zmq.ZMQ.ZMQ_HICCUP_MSG, Piece.lost());
    // Nothing waits for a connection: what is sent without one is refused.
    socket.setImmediate(false);
    socket.setReconnectIVL(FIRST_RECONNECT_MILLIS);
    socket.setReconnectIVLMax(LAST_RECONNECT_MILLIS);
    Keys own = options.keys();
    if (key != null && own != null) {
      socket.setCurvePublicKey(own.publicKey());
      socket.setCurveSecretKey(own.secretKey());
      socket.setCurveServerKey(key);
    }
    return socket;
  }

  private static ZMQ.Socket make(ZMQ.Context context, SocketType type, ZmqOptions options) {
    ZMQ.Socket socket = context.socket(type);
    socket.setLinger(0);
    // The window of each link bounds what waits; see the package.
    socket.setSndHWM(0);
    socket.setRcvHWM(0);
    socket.setMaxMsgSize(Piece.MAX_BYTES + Piece.ENVELOPE_BYTES);
    socket.setMsgAllocator(Sockets::allocate);
    socket.setHandshakeIvl(HANDSHAKE_MILLIS);
    socket.setHeartbeatIvl(HEARTBEAT_MILLIS);
    socket.setHeartbeatTimeout(SILENCE_MILLIS);
    socket.setHeartbeatTtl(SILENCE_MILLIS);
    socket.setTCPKeepAlive(1);
    socket.setIPv6(options.host().indexOf(':') >= 0);
    return socket;
  }

  /**
   * Makes room for a message that somebody has announced. JeroMQ does not see that a length is
   * absurd when its highest bit is set; the empty message that such a one gets here breaks the
   * handshake or the protocol, and ends the connection.
   */
  static Msg allocate(int size) {
    return new Msg(size < 0 || size > Piece.MAX_BYTES + Piece.ENVELOPE_BYTES ? 0 : size);
  }

  private static void tell(ConnectionListener listener, zmq.ZMQ.Event event) {
    if (event.arg instanceof SelectableChannel channel) {
      if (event.event == zmq.ZMQ.ZMQ_EVENT_ACCEPTED) {
        listener.accepted(channel);
      } else {
        listener.disconnected(channel);
      }
    }
  }
}
