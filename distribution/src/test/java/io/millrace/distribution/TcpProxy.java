package io.millrace.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to a server that can be cut, healed, and led to another port, while it keeps its own
 * address. On the loopback interface.
 */
final class TcpProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int target;
  private volatile boolean cut;
  private volatile boolean closed;

  TcpProxy() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start("proxy", this::accept);
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  String address() {
    return "tcp://127.0.0.1:" + listening.getLocalPort();
  }

  /** Leads new connections to {@code port}. */
  void leadTo(int port) {
    target = port;
  }

  /** Breaks all connections, and those to come. */
  void cut() {
    cut = true;
    open.forEach(TcpProxy::end);
  }

  void heal() {
    cut = false;
  }

  private void accept() {
    while (!closed) {
      try {
        Socket near = listening.accept();
        open.add(near);
        if (cut) {
          end(near);
        } else {
          Socket far = new Socket();
          open.add(far);
          far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
          start("there", () -> pump(near, far));
          start("back", () -> pump(far, near));
        }
      } catch (IOException e) {
        // Nobody is there, or this is closed: who connected finds the connection broken.
        if (!closed) {
          open.removeIf(Socket::isClosed);
        }
      }
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] block = new byte[1 << 16];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int length = in.read(block); length >= 0; length = in.read(block)) {
        if (cut) {
          break;
        }
        out.write(block, 0, length);
      }
    } catch (IOException e) {
      // Either side broke the connection; the other one learns of it below.
    }
    end(from);
    end(to);
    open.remove(from);
    open.remove(to);
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more in any case.
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    listening.close();
    open.forEach(TcpProxy::end);
  }
}
