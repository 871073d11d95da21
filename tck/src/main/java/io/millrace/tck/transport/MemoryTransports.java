package io.millrace.tck.transport;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.replication.Link;
import io.millrace.api.replication.LinkListener;
import io.millrace.api.replication.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Transports within one process, which reach one another and nobody else. Nothing is lost while
 * both sides stand, and nothing encrypted.
 *
 * <p>All that is heard is heard on one executor, which must run one task after another; never while
 * somebody sends. Safe for use by many threads.
 */
public final class MemoryTransports {
  private static final String SCHEME = "memory://";

  private final Executor executor;
  private final int maxFrameBytes;
  private final long windowBytes;
  private final Map<String, MemoryTransport> open = new HashMap<>();
  private final List<Way> ways = new ArrayList<>();
  private int addresses;
  private int names;

  /**
   * @param executor runs one task after another
   * @param maxFrameBytes the longest frame
   * @param windowBytes the most bytes that wait to be heard, for each direction of a link; one
   *     frame may exceed it
   */
  public MemoryTransports(Executor executor, int maxFrameBytes, long windowBytes) {
    this.executor = executor;
    this.maxFrameBytes = maxFrameBytes;
    this.windowBytes = windowBytes;
  }

  /** Opens a transport with an address of its own. */
  public synchronized Transport open() {
    return openAt(SCHEME + ++addresses);
  }

  /**
   * Opens a transport at an address where none is open.
   *
   * @throws UnavailableException (code {@code address-in-use}) when one is
   */
  public synchronized Transport openAt(String address) {
    if (open.containsKey(address)) {
      throw new UnavailableException("address-in-use", "a transport is open at " + address);
    }
    MemoryTransport transport = new MemoryTransport(address);
    open.put(address, transport);
    return transport;
  }

  /** Joins those who want to be connected with those who listen. */
  private void join() {
    Map<End, Transport.Acceptor> accepted = new LinkedHashMap<>();
    synchronized (this) {
      joinAll(accepted);
    }
    // Whoever is told may hold locks of their own while they send.
    accepted.forEach((end, acceptor) -> end.heardBy(acceptor.accepted(end)));
  }

  private void joinAll(Map<End, Transport.Acceptor> joined) {
    for (Way way : List.copyOf(ways)) {
      MemoryTransport server = open.get(way.address);
      if (way.accepted == null && server != null && server.acceptor != null) {
        End accepted = new End("memory-link-" + ++names, server);
        accepted.other = way.dialed;
        way.dialed.other = accepted;
        way.accepted = accepted;
        accepted.way = way;
        joined.put(accepted, server.acceptor);
      }
    }
  }

  private void joinLater() {
    executor.execute(this::join);
  }

  /** A link that somebody wants, as long as they want it. */
  private static final class Way {
    private final String address;
    private final End dialed;
    private @Nullable End accepted;

    Way(String address, End dialed) {
      this.address = address;
      this.dialed = dialed;
    }
  }

  private final class MemoryTransport implements Transport {
    private final String address;
    private @Nullable Acceptor acceptor;
    private boolean closed;

    MemoryTransport(String address) {
      this.address = address;
    }

    @Override
    public void require(String address, @Nullable String key) {
      if (!address.matches(SCHEME + "\\d+")) {
        throw new InvalidRequestException("invalid-address", "no address: " + address);
      }
      if (key != null) {
        throw new InvalidRequestException("invalid-key", "nothing is encrypted here");
      }
    }

    @Override
    public String address() {
      return address;
    }

    @Override
    public @Nullable String key() {
      return null;
    }

    @Override
    public int maxFrameBytes() {
      return maxFrameBytes;
    }

    @Override
    public void listen(Acceptor acceptor) {
      synchronized (MemoryTransports.this) {
        this.acceptor = acceptor;
      }
      joinLater();
    }

    @Override
    public Link connect(String address, @Nullable String key, LinkListener listener) {
      require(address, key);
      End end = new End(address, this);
      end.listener = listener;
      synchronized (MemoryTransports.this) {
        end.way = new Way(address, end);
        ways.add(end.way);
      }
      joinLater();
      return end;
    }

    @Override
    public void close() {
      synchronized (MemoryTransports.this) {
        if (closed) {
          return;
        }
        closed = true;
        open.remove(address);
        for (Way way : List.copyOf(ways)) {
          if (way.dialed.transport == this) {
            way.dialed.close();
          } else if (way.accepted != null && way.accepted.transport == this) {
            way.accepted.close();
          }
        }
      }
    }
  }

  /** One end of a link. Guarded by the network. */
  private final class End implements Link {
    private final String remote;
    private final MemoryTransport transport;
    private @Nullable Way way;
    private @Nullable LinkListener listener;
    private @Nullable End other;
    private boolean closed;

    /** What was sent from here and was not heard yet. */
    private long underWay;

    End(String remote, MemoryTransport transport) {
      this.remote = remote;
      this.transport = transport;
    }

    @Override
    public boolean send(byte[] frame) {
      if (frame.length > maxFrameBytes) {
        throw new IllegalArgumentException("a frame of " + frame.length + " bytes is too long");
      }
      long cost = Math.max(1, frame.length);
      End to;
      synchronized (MemoryTransports.this) {
        to = other;
        if (closed || to == null || (underWay > 0 && underWay + cost > windowBytes)) {
          return false;
        }
        underWay += cost;
      }
      executor.execute(() -> to.hear(frame, this, cost));
      return true;
    }

    private void hear(byte[] frame, End from, long cost) {
      LinkListener hearing;
      synchronized (MemoryTransports.this) {
        hearing = other == from && !closed ? listener : null;
      }
      try {
        if (hearing != null) {
          hearing.received(frame);
        }
      } catch (RuntimeException e) {
        // Whoever cannot hear this frame may hear the next one.
      } finally {
        from.heard(cost, this);
      }
    }

    private void heard(long cost, End by) {
      synchronized (MemoryTransports.this) {
        if (other == by) {
          underWay -= cost;
        }
      }
    }

    @Override
    public String remote() {
      return remote;
    }

    @Override
    public @Nullable String remoteKey() {
      return null;
    }

    @Override
    public void close() {
      synchronized (MemoryTransports.this) {
        Way ended = way;
        if (closed || ended == null) {
          return;
        }
        closed = true;
        End accepted = ended.accepted;
        ended.accepted = null;
        ended.dialed.part();
        if (accepted != null) {
          accepted.part();
        }
        if (ended.dialed == this) {
          ways.remove(ended);
          if (accepted != null) {
            accepted.tellOfTheEnd();
          }
        } else {
          // The other side comes back by itself.
          joinLater();
        }
      }
    }

    private void heardBy(LinkListener hearing) {
      boolean ended;
      synchronized (MemoryTransports.this) {
        listener = hearing;
        ended = other == null && !closed;
      }
      if (ended) {
        hearing.closed("the other side went away");
      }
    }

    private void part() {
      other = null;
      underWay = 0;
    }

    private void tellOfTheEnd() {
      LinkListener hearing = listener;
      if (hearing != null && !closed) {
        closed = true;
        executor.execute(() -> hearing.closed("the other side went away"));
      }
    }
  }
}
