package io.millrace.replication.zmq;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import zmq.io.net.Address;

/**
 * The connections that others have made: who does not open a link soon is shown out, and no more
 * are let in than there can be links.
 *
 * <p>ZeroMQ cannot be told to end one connection, and waits for ever for the end of a handshake
 * that was begun. So it is made to believe that the other side has closed.
 */
final class Gate implements Sockets.ConnectionListener {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final int mostConnections;
  private final TransportMeters meters;
  private final Complaints complaints;
  private final Map<String, Connection> connections = new ConcurrentHashMap<>();

  private static final class Connection {
    private final SocketChannel channel;
    private final long since = System.nanoTime();
    private volatile boolean known;
    private volatile boolean shownOut;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }
  }

  Gate(int maxLinks, TransportMeters meters, Complaints complaints) {
    // As many may be about to come as have come.
    this.mostConnections = 2 * maxLinks;
    this.meters = meters;
    this.complaints = complaints;
  }

  @Override
  public void accepted(SelectableChannel channel) {
    String address = address(channel);
    if (address == null || !(channel instanceof SocketChannel socket)) {
      return;
    }
    Connection connection = new Connection(socket);
    boolean full = connections.size() >= mostConnections;
    connections.put(address, connection);
    if (full) {
      refuse(address, connection, "was refused, since there are too many connections");
    }
  }

  @Override
  public void disconnected(SelectableChannel channel) {
    String address = address(channel);
    Connection connection = address == null ? null : connections.get(address);
    if (address != null && connection != null && connection.channel == channel) {
      connections.remove(address, connection);
      if (!connection.known && !connection.shownOut) {
        meters.refused();
        complaints.about(
            address,
            "connected, and was refused or went away without a word: perhaps it has no key, another"
                + " one than this server, or speaks another protocol");
      }
    }
  }

  /** The one at {@code address} has opened a link. */
  void know(String address) {
    Connection connection = connections.get(address);
    if (connection != null) {
      connection.known = true;
    }
  }

  /** Ends the connection of the one at {@code address}. */
  void showOut(String address) {
    Connection connection = connections.get(address);
    if (connection != null) {
      end(connection);
    }
  }

  /** Shows out whoever has not opened a link in time; called every now and then. */
  void look() {
    long now = System.nanoTime();
    connections.forEach(
        (address, connection) -> {
          long age = now - connection.since;
          if (!connection.channel.isOpen()) {
            connections.remove(address, connection);
          } else if (!connection.known && !connection.shownOut && age > PATIENCE_NANOS) {
            refuse(address, connection, "connected, but did not open a link, and was refused");
          } else if (connection.shownOut && !connection.known && age > 2 * PATIENCE_NANOS) {
            close(connection);
          }
        });
  }

  private void refuse(String address, Connection connection, String what) {
    meters.refused();
    complaints.about(address, what);
    end(connection);
  }

  private static void end(Connection connection) {
    connection.shownOut = true;
    try {
      connection.channel.shutdownInput();
    } catch (IOException e) {
      // It has ended already.
    }
  }

  /** The last resort, when ZeroMQ does not react. */
  private static void close(Connection connection) {
    try {
      connection.channel.close();
    } catch (IOException e) {
      // It has ended already.
    }
  }

  /** As ZeroMQ writes it into the metadata of messages. */
  private static @Nullable String address(SelectableChannel channel) {
    try {
      return channel instanceof SocketChannel socket && socket.isOpen()
          ? new Address(socket.getRemoteAddress()).address()
          : null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
