package io.millrace.engine.replication;

import io.millrace.api.Task;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.replication.Link;
import io.millrace.api.replication.LinkListener;
import io.millrace.api.replication.Peer;
import io.millrace.api.replication.PeerRequest;
import io.millrace.api.replication.Peers;
import io.millrace.api.replication.Transport;
import io.millrace.engine.replication.Message.Hello;
import io.millrace.engine.replication.Message.Identity;
import io.millrace.engine.replication.Message.Refused;
import io.millrace.spi.Meters;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges the documents of one database with those of its peers: keeps the list of peers, reaches
 * them, takes what they have and gives them what they ask for.
 *
 * <p>Safe for use by many threads. Does not own the replica, the transport and the loop that it is
 * given; those are closed after it.
 */
public final class Replication implements Peers, AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger(Replication.class.getName());

  private final Replica replica;
  private final Transport transport;
  private final Loop loop;
  private final PeerBook book;
  private final RandomGenerator random;
  private final ReplicationOptions options;
  private final Clock clock;
  private final Claims claims = new Claims();
  private final Meters.Counter garbage;
  private final Meters.Counter refusals;
  private final Meters.Counter receivedBytes;
  private final Meters.Counter sentBytes;

  /** By name. Guarded by itself, for whoever asks; changed together with the book. */
  private final Map<String, RemotePeer> peers = new TreeMap<>();

  /** Those that were removed and must not come back by themselves. Guarded by {@link #peers}. */
  private final Map<UUID, KnownPeer> removed = new LinkedHashMap<>();

  /** The peer at the other end of each session, as far as known. Of the loop. */
  private final Map<Session, RemotePeer> talks = new HashMap<>();

  /** Sessions over links that others opened. Of the loop. */
  private final Set<Session> incoming = new LinkedHashSet<>();

  /** Where a complaint was logged already, so that it is not again. Of the loop. */
  private final Set<String> complained = new HashSet<>();

  private boolean closed;

  /** Prepares; {@link #start()} begins. */
  public Replication(
      Replica replica,
      Transport transport,
      Loop loop,
      PeerBook book,
      RandomGenerator random,
      ReplicationOptions options,
      Meters meters,
      Clock clock) {
    this.replica = replica;
    this.transport = transport;
    this.loop = loop;
    this.book = book;
    this.random = random;
    this.options = options;
    this.clock = clock;
    garbage =
        meters.counter(
            "replication.garbage", "frames that were no message, or of no session that is known");
    refusals = meters.counter("replication.refusals", "servers that were refused or refused");
    receivedBytes = meters.counter("replication.received", "bytes of frames received");
    sentBytes = meters.counter("replication.sent", "bytes of frames sent");
    meters.gauge(
        "replication.lag",
        "changes",
        "how many changes the peer that is furthest ahead is ahead",
        () -> list().stream().mapToLong(Peer::lagChanges).max().orElse(0));
    meters.gauge(
        "replication.lag.duration",
        "seconds",
        "how old what was last taken is, where there is more",
        () -> list().stream().mapToDouble(each -> each.lag().toMillis() / 1e3).max().orElse(0));
    meters.gauge(
        "replication.unreachable",
        "peers",
        "how many peers are not reached, or refuse",
        () -> list().stream().filter(Replication::isAway).count());
    for (KnownPeer known : book.load()) {
      UUID database = known.database();
      if (!known.removed()) {
        peers.put(known.name(), peer(known));
      } else if (database != null) {
        removed.put(database, known);
      }
    }
  }

  private static boolean isAway(Peer peer) {
    return peer.state() == Peer.State.DOWN || peer.state() == Peer.State.REFUSED;
  }

  private RemotePeer peer(KnownPeer known) {
    return new RemotePeer(loop, options, clock, replica, claims, transport, this::outgoing, known);
  }

  private Session outgoing(RemotePeer peer) {
    Session session = new Session(loop, options, replica, random, new Talks());
    talks.put(session, peer);
    return session;
  }

  /** Lets others connect, and reaches the peers that are written down. */
  public void start() {
    transport.listen(this::accepted);
    loop.execute(() -> snapshot().forEach(RemotePeer::start));
  }

  private LinkListener accepted(Link link) {
    Session session = new Session(loop, options, replica, random, new Talks());
    loop.execute(
        () -> {
          if (closed) {
            link.close();
          } else {
            incoming.add(session);
            session.attach(link);
          }
        });
    return session;
  }

  private List<RemotePeer> snapshot() {
    synchronized (peers) {
      return List.copyOf(peers.values());
    }
  }

  @Override
  public @Nullable String address() {
    return transport.address();
  }

  @Override
  public @Nullable String key() {
    return transport.key();
  }

  @Override
  public List<Peer> list() {
    return snapshot().stream().map(RemotePeer::status).toList();
  }

  @Override
  public Optional<Peer> find(String name) {
    synchronized (peers) {
      return Optional.ofNullable(peers.get(name)).map(RemotePeer::status);
    }
  }

  @Override
  public Added add(PeerRequest request) {
    transport.require(request.address(), request.key());
    request.buckets().forEach(PeerNames::requirePattern);
    synchronized (peers) {
      String wanted = request.name();
      for (RemotePeer each : peers.values()) {
        boolean sameAddress = request.address().equals(each.known().address());
        boolean sameName = each.known().name().equals(wanted);
        if (sameAddress && (wanted == null || sameName)) {
          return new Added(each.status(), false);
        } else if (sameAddress) {
          throw new InvalidRequestException(
              "address-taken",
              request.address() + " is the peer " + each.known().name() + " already");
        } else if (sameName) {
          throw new InvalidRequestException(
              "name-taken", "another peer is called " + wanted + "; remove it first");
        }
      }
      String name =
          wanted == null
              ? PeerNames.free(PeerNames.ofAddress(request.address()), peers.keySet())
              : PeerNames.require(wanted);
      KnownPeer known =
          new KnownPeer(
              name,
              request.address(),
              request.key(),
              null,
              new Selection(request.buckets(), request.fullHistory()),
              request.oneWay(),
              false);
      RemotePeer added = peer(known);
      Map<UUID, KnownPeer> before = new LinkedHashMap<>(removed);
      peers.put(name, added);
      // At once, not when it is reached: where both had removed each other, neither would be.
      removed.values().removeIf(gone -> request.address().equals(gone.address()));
      try {
        save();
      } catch (RuntimeException e) {
        peers.remove(name);
        removed.putAll(before);
        throw e;
      }
      loop.execute(
          () -> {
            if (!closed) {
              added.start();
            }
          });
      return new Added(added.status(), true);
    }
  }

  /** Under the lock of {@link #peers}. */
  private void save() {
    List<KnownPeer> all = new ArrayList<>(removed.values());
    peers.values().forEach(each -> all.add(each.known()));
    book.save(all);
  }

  @Override
  public boolean remove(String name) {
    RemotePeer gone;
    synchronized (peers) {
      gone = peers.remove(name);
      if (gone == null) {
        return false;
      }
      UUID database = gone.known().database();
      KnownPeer before = database == null ? null : removed.get(database);
      if (database != null) {
        removed.put(database, removedPeer(gone.known()));
      }
      try {
        save();
      } catch (RuntimeException e) {
        peers.put(name, gone);
        if (database != null && before == null) {
          removed.remove(database);
        }
        throw e;
      }
    }
    RemotePeer stopping = gone;
    loop.execute(stopping::stop);
    return true;
  }

  private static KnownPeer removedPeer(KnownPeer known) {
    return new KnownPeer(
        known.name(),
        known.address(),
        known.key(),
        known.database(),
        known.selection(),
        known.oneWay(),
        true);
  }

  /** What had gathered at peers and is being taken. */
  public List<Task> tasks() {
    return snapshot().stream().flatMap(peer -> peer.task().stream()).toList();
  }

  /** Says good-bye to all, on the loop, after what waits there already. */
  @Override
  public void close() {
    loop.execute(
        () -> {
          closed = true;
          snapshot().forEach(RemotePeer::stop);
          List.copyOf(incoming).forEach(Session::close);
          incoming.clear();
          talks.clear();
        });
  }

  /** What is to be done about sessions, all of them. */
  private final class Talks implements Session.Listener {
    @Override
    public Identity self() {
      return new Identity(
          replica.database(),
          replica.incarnation(),
          replica.since(),
          options.name(),
          transport.address(),
          transport.key());
    }

    @Override
    public @Nullable Refused refusal(Session session, Hello hello) {
      UUID database = hello.identity().database();
      String code = null;
      String reason = "";
      if (database.equals(replica.database())) {
        code = "same-database";
        reason = "this is the same database";
      } else if (isRemoved(database)) {
        code = "removed";
        reason = "this peer was removed here";
      }
      if (code == null) {
        return null;
      }
      refusals.add(1);
      return new Refused(hello.attempt(), code, reason);
    }

    @Override
    public void opened(Session session, Identity remote, boolean mutual) {
      RemotePeer peer = talks.get(session);
      if (peer == null) {
        peer = mutual ? mutualPeer(remote) : peerOf(remote.database());
        if (peer == null && mutual) {
          // It could not be written down; the other side comes again.
          session.end("the peer cannot be noted at present");
          return;
        } else if (peer == null) {
          // Takes from this database, and gives nothing.
          return;
        }
        talks.put(session, peer);
      } else if (!introduced(peer, session, remote)) {
        return;
      }
      peer.opened(session, remote);
    }

    @Override
    public void refused(Session session, String code, String reason) {
      refusals.add(1);
      RemotePeer peer = talks.get(session);
      if (peer != null) {
        peer.refused(reason);
      }
      complain(session, "was refused or refused: " + reason);
    }

    @Override
    public void ended(Session session, String reason) {
      RemotePeer peer = talks.get(session);
      if (peer != null) {
        peer.ended(session, reason);
        if (incoming.contains(session)) {
          talks.remove(session);
        }
      }
    }

    @Override
    public void closed(Session session, String reason) {
      incoming.remove(session);
      RemotePeer peer = talks.remove(session);
      if (peer != null) {
        peer.closed(session, reason);
      }
    }

    @Override
    public void garbage(Session session, String what) {
      garbage.add(1);
      complain(session, "sent what cannot be used: " + what);
    }

    @Override
    public void carried(Session session, long received, long sent) {
      receivedBytes.add(received);
      sentBytes.add(sent);
      RemotePeer peer = talks.get(session);
      if (peer != null) {
        peer.carried(received, sent);
      }
    }
  }

  private void complain(Session session, String what) {
    Link link = session.link();
    String who = link == null ? "a peer" : link.remote();
    if (complained.size() < 1_000 && complained.add(who)) {
      LOGGER.log(System.Logger.Level.WARNING, "{0} {1}", who, what);
    }
  }

  private boolean isRemoved(UUID database) {
    synchronized (peers) {
      return removed.containsKey(database) && peerOf(database) == null;
    }
  }

  private @Nullable RemotePeer peerOf(UUID database) {
    for (RemotePeer each : snapshot()) {
      if (database.equals(each.known().database())) {
        return each;
      }
    }
    return null;
  }

  /** The peer that asked to be one: it is written down if it is not. */
  private @Nullable RemotePeer mutualPeer(Identity remote) {
    RemotePeer present = peerOf(remote.database());
    if (present != null) {
      return present;
    }
    synchronized (peers) {
      String wanted = PeerNames.isName(remote.name()) ? remote.name() : "peer";
      String name = PeerNames.free(wanted, peers.keySet());
      KnownPeer known =
          new KnownPeer(name, null, null, remote.database(), Selection.ALL, false, false);
      RemotePeer made = peer(known);
      peers.put(name, made);
      try {
        save();
      } catch (RuntimeException e) {
        peers.remove(name);
        LOGGER.log(System.Logger.Level.WARNING, "the peer " + name + " cannot be noted", e);
        return null;
      }
      return made;
    }
  }

  /**
   * Notes who answers at the address of {@code peer}.
   *
   * @return whether it is to be talked to
   */
  private boolean introduced(RemotePeer peer, Session session, Identity remote) {
    if (remote.database().equals(replica.database())) {
      peer.refused("this is the same database");
      session.end("the same database");
      return false;
    }
    RemotePeer other = peerOf(remote.database());
    if (other != null && other != peer && other.known().address() != null) {
      peer.refused("this is the peer " + other.known().name() + " at another address");
      session.end("known by another address");
      return false;
    }
    synchronized (peers) {
      boolean isKnown = remote.database().equals(peer.known().database()) && other == peer;
      if (isKnown) {
        return true;
      }
      if (other != null && other != peer) {
        // It had connected by itself before it was added here.
        peers.remove(other.known().name());
        loop.execute(other::stop);
      }
      KnownPeer before = peer.known();
      peer.known(
          new KnownPeer(
              before.name(),
              before.address(),
              before.key(),
              remote.database(),
              before.selection(),
              before.oneWay(),
              false));
      removed.remove(remote.database());
      try {
        save();
      } catch (RuntimeException e) {
        // Found out again the next time.
        LOGGER.log(System.Logger.Level.WARNING, "the peer " + before.name() + " is not noted", e);
      }
    }
    return true;
  }
}
