package io.millrace.replication.zmq;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.replication.Link;
import io.millrace.api.replication.LinkListener;
import io.millrace.api.replication.Transport;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.Meters;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.ZError;

/** A transport over ZeroMQ. */
final class ZmqTransport implements Transport {
  private static final Logger LOG = System.getLogger(ZmqTransport.class.getName());
  private static final Pattern ADDRESS =
      Pattern.compile("tcp://([A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+\\]):(\\d{1,5})");

  private final ZmqOptions options;
  private final Exchange exchange;
  private final Gate gate;
  private final ZMQ.@Nullable Socket listening;
  private final @Nullable Admission admission;
  private final @Nullable String address;

  private ZmqTransport(ZmqOptions options, Meters meters) {
    this.options = options;
    TransportMeters counted = new TransportMeters(meters);
    Complaints complaints = new Complaints();
    ZMQ.Context context = ZMQ.context(1);
    exchange =
        new Exchange(context, options, new Packing(options.maxFrameBytes()), counted, complaints);
    context.setNotificationExceptionHandler((thread, e) -> exchange.failed(e));
    context.setUncaughtExceptionHandler((thread, e) -> exchange.failed(e));
    gate = new Gate(options.maxLinks(), counted, complaints);
    admission =
        options.listens() && options.keys() != null
            ? new Admission(context, options.allowed(), complaints)
            : null;
    listening =
        options.listens()
            ? exchange.own(
                Sockets.listening(context, options, Piece.welcome(exchange.terms()), gate))
            : null;
    if (admission != null) {
      exchange.own(admission.socket());
    }
    address = listening == null ? null : bind(listening);
  }

  /**
   * Opens it.
   *
   * @throws UnavailableException when the address is taken
   */
  static ZmqTransport open(ZmqOptions options, Meters meters) {
    NativeLibrary.load();
    ZmqTransport transport = new ZmqTransport(options, meters);
    if (options.isOpenToStrangers()) {
      LOG.log(
          Level.WARNING,
          "replication listens on {0} without a key: whoever reaches it can read and change all"
              + " documents",
          transport.address);
    }
    transport.exchange.start();
    Admission admission = transport.admission;
    if (admission != null) {
      transport.exchange.execute(() -> transport.exchange.add(admission));
    }
    return transport;
  }

  private String bind(ZMQ.Socket socket) {
    String host = options.host().indexOf(':') < 0 ? options.host() : "[" + options.host() + "]";
    String wanted = "tcp://" + host + ":" + (options.port() == 0 ? "*" : options.port());
    try {
      socket.bind(wanted);
      return socket.getLastEndpoint();
    } catch (ZMQException e) {
      exchange.start();
      exchange.close();
      if (e.getErrorCode() == ZError.EADDRINUSE) {
        throw new UnavailableException(
            "address-in-use",
            "replication cannot listen on " + wanted + ", since another process does",
            e);
      }
      throw new InvalidSettingException(
          "replication cannot listen on " + wanted + ": " + e.getMessage());
    }
  }

  @Override
  public void require(String address, @Nullable String key) {
    Matcher matcher = ADDRESS.matcher(address);
    if (!matcher.matches() || !isPort(matcher.group(2))) {
      throw new InvalidRequestException(
          "invalid-address",
          "'" + address + "' is no address: tcp://HOST:PORT is, such as tcp://box2:1445");
    }
    if (key != null) {
      requireKey(key);
    } else if (options.keys() != null && !options.insecure() && !isLoopback(matcher.group(1))) {
      throw new InvalidRequestException(
          "invalid-key",
          "the public key of the server at "
              + address
              + " is missing: without one nothing would be"
              + " encrypted, and this server has a key");
    }
  }

  private void requireKey(String key) {
    try {
      Keys.parse(key);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          "invalid-key",
          "a public key has " + Keys.LETTERS + " letters, as millrace keygen says it");
    }
    if (options.keys() == null) {
      throw new InvalidRequestException(
          "invalid-key",
          "this server has no key of its own, by which the other one would know it: make one with"
              + " millrace keygen and name it with the setting secret-key-file");
    }
  }

  private static boolean isPort(String digits) {
    int port = Integer.parseInt(digits);
    return port > 0 && port <= 0xffff;
  }

  private static boolean isLoopback(String host) {
    return ZmqOptions.isLoopback(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
  }

  @Override
  public @Nullable String address() {
    return address;
  }

  @Override
  public @Nullable String key() {
    Keys keys = options.keys();
    return keys == null ? null : keys.asTexts().publicKey();
  }

  @Override
  public int maxFrameBytes() {
    return options.maxFrameBytes();
  }

  @Override
  public void listen(Acceptor acceptor) {
    ZMQ.Socket socket = listening;
    if (socket != null) {
      Listening served = new Listening(exchange, options, socket, gate, acceptor);
      exchange.execute(() -> exchange.add(served));
    }
  }

  @Override
  public Link connect(String address, @Nullable String key, LinkListener listener) {
    require(address, key);
    Dialing dialing = new Dialing(exchange, options, address, key, listener);
    exchange.execute(dialing::dial);
    return dialing.link();
  }

  @Override
  public void close() {
    exchange.close();
  }
}
