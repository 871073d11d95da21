package io.millrace.replication.zmq;

import io.millrace.api.replication.LinkListener;
import io.millrace.api.replication.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.zeromq.ZMQ;

/**
 * The one thread to which all sockets of ZeroMQ belong. It sleeps until a message comes or somebody
 * wants something of it; what others want waits in a queue that the windows of the links bound.
 */
final class Exchange {
  private static final Logger LOG = System.getLogger(Exchange.class.getName());
  private static final long LOOK_MILLIS = 1_000;
  private static final int LINGER_MILLIS = 300;
  private static final long PATIENCE_MILLIS = 10_000;

  /** What has a socket. */
  interface Served {
    ZMQ.Socket socket();

    /** Takes what has come. */
    void serve();

    /** Looks whether anything is overdue; called every second. */
    void look();
  }

  private final ZMQ.Context context;
  private final Packing packing;
  private final TransportMeters meters;
  private final Complaints complaints;
  private final Piece.Terms terms;
  private final Thread thread = new Thread(this::run, "millrace-zmq");

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Pipe bell;
  private volatile boolean closing;

  private final List<Served> served = new ArrayList<>();
  private final List<ZMQ.Socket> owned = new ArrayList<>();
  private boolean changed = true;
  private long lookedAt = System.nanoTime();

  Exchange(
      ZMQ.Context context,
      ZmqOptions options,
      Packing packing,
      TransportMeters meters,
      Complaints complaints) {
    this.context = context;
    this.packing = packing;
    this.meters = meters;
    this.complaints = complaints;
    this.terms = new Piece.Terms(packing.knowsZstd(), options.windowBytes());
    try {
      bell = Pipe.open();
      bell.source().configureBlocking(false);
      bell.sink().configureBlocking(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread.setDaemon(true);
  }

  ZMQ.Context context() {
    return context;
  }

  Packing packing() {
    return packing;
  }

  TransportMeters meters() {
    return meters;
  }

  Complaints complaints() {
    return complaints;
  }

  /** What this side tells of itself. */
  Piece.Terms terms() {
    return terms;
  }

  /** Closes {@code socket} at the end; called before the start. */
  ZMQ.Socket own(ZMQ.Socket socket) {
    owned.add(socket);
    return socket;
  }

  void start() {
    thread.start();
  }

  /**
   * Has {@code task} run on the thread, after those that wait. Never blocks.
   *
   * @return whether it will be run; not after the end
   */
  boolean execute(Runnable task) {
    if (closing) {
      return false;
    }
    tasks.add(task);
    if (woken.compareAndSet(false, true)) {
      ring();
    }
    return true;
  }

  /** Ends the thread, and waits until it has ended, but not for ever. */
  void close() {
    closing = true;
    ring();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      // ZeroMQ waits for its own threads for ever, even when one of them has died.
      LOG.log(Level.WARNING, "replication: the transport has not ended yet");
    }
  }

  /** Serves one more. On the thread, as everything below. */
  void add(Served one) {
    served.add(one);
    changed = true;
  }

  void remove(Served one) {
    if (served.remove(one)) {
      changed = true;
      close(one.socket());
    }
  }

  /** Hears of links, and may fail. */
  Transport.Acceptor guard(Transport.Acceptor acceptor) {
    return link -> {
      try {
        return acceptor.accepted(link);
      } catch (RuntimeException e) {
        failed(e);
        link.close();
        return new Deaf();
      }
    };
  }

  /** Hears of frames, and may fail. */
  LinkListener guard(LinkListener listener) {
    return new LinkListener() {
      @Override
      public void received(byte[] frame) {
        try {
          listener.received(frame);
        } catch (RuntimeException e) {
          failed(e);
        }
      }

      @Override
      public void closed(String reason) {
        try {
          listener.closed(reason);
        } catch (RuntimeException e) {
          failed(e);
        }
      }
    };
  }

  private static final class Deaf implements LinkListener {
    @Override
    public void received(byte[] frame) {}

    @Override
    public void closed(String reason) {}
  }

  void failed(Throwable failure) {
    meters.failed();
    LOG.log(
        Level.ERROR, "replication: a listener of the transport, or its library, failed", failure);
  }

  private void run() {
    ZMQ.Poller poller = context.poller(1);
    try {
      while (!closing) {
        if (changed) {
          poller.close();
          poller = watchAll();
          changed = false;
        }
        poller.poll(LOOK_MILLIS);
        serve(poller);
      }
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "replication: the transport has failed, and is closed", e);
      throw e;
    } finally {
      closing = true;
      poller.close();
      end();
    }
  }

  private ZMQ.Poller watchAll() {
    ZMQ.Poller poller = context.poller(served.size() + 1);
    poller.register(bell.source(), ZMQ.Poller.POLLIN);
    for (Served one : served) {
      poller.register(one.socket(), ZMQ.Poller.POLLIN);
    }
    return poller;
  }

  private void serve(ZMQ.Poller poller) {
    List<Served> ready = new ArrayList<>();
    for (int i = 0; i < served.size(); i++) {
      if (poller.pollin(i + 1)) {
        ready.add(served.get(i));
      }
    }
    if (poller.pollin(0)) {
      runTasks();
    }
    for (Served one : ready) {
      if (served.contains(one)) {
        one.serve();
      }
    }
    if (System.nanoTime() - lookedAt > LOOK_MILLIS * 1_000_000) {
      lookedAt = System.nanoTime();
      List.copyOf(served).forEach(Served::look);
    }
  }

  private void runTasks() {
    hush();
    woken.set(false);
    // Whoever adds a task from here on rings again.
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private void ring() {
    try {
      bell.sink().write(ByteBuffer.wrap(new byte[1]));
    } catch (IOException e) {
      // The thread has ended.
    }
  }

  private void hush() {
    ByteBuffer rings = ByteBuffer.allocate(64);
    try {
      while (bell.source().read(rings) > 0) {
        rings.clear();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void end() {
    served.forEach(one -> close(one.socket()));
    owned.forEach(Exchange::close);
    served.clear();
    tasks.clear();
    packing.close();
    close(bell.sink());
    close(bell.source());
    context.term();
  }

  /** What was sent last may still go. */
  private static void close(ZMQ.Socket socket) {
    socket.setLinger(LINGER_MILLIS);
    socket.close();
  }

  private static void close(Closeable one) {
    try {
      one.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "replication: a pipe could not be closed", e);
    }
  }
}
