package io.millrace.engine.replication;

import io.millrace.api.Task;
import io.millrace.api.replication.Link;
import io.millrace.api.replication.Peer;
import io.millrace.api.replication.Transport;
import io.millrace.engine.replication.Message.Identity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One peer: the sessions with it, of which one is pulled over, and the attempts to reach it.
 *
 * <p>Of the loop, but for {@link #status()}, which anybody may ask for.
 */
final class RemotePeer {
  private final Loop loop;
  private final ReplicationOptions options;
  private final Clock clock;
  private final Replica replica;
  private final Claims claims;
  private final Transport transport;
  private final Sessions sessions;
  private final List<Session> open = new ArrayList<>();
  private @Nullable Session outgoing;
  private @Nullable Session pulledOver;
  private @Nullable Pull pull;
  private Loop.@Nullable Timer retry;
  private Duration nextRetry;
  private boolean stopped;

  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private volatile KnownPeer known;
  private volatile Peer.State state = Peer.State.DOWN;
  private volatile @Nullable String lastError;
  private volatile long sequence;
  private volatile long since;
  private volatile long takenMillis;
  private volatile @Nullable Instant lastSeen;
  private volatile @Nullable CatchUp catchUp;

  /** Taking what had gathered while there was no session, or this side was slower. */
  private record CatchUp(Instant began, long from) {}

  /** Makes sessions. */
  @FunctionalInterface
  interface Sessions {
    /** A session that will be used over a link that this side opens. */
    Session outgoing(RemotePeer peer);
  }

  RemotePeer(
      Loop loop,
      ReplicationOptions options,
      Clock clock,
      Replica replica,
      Claims claims,
      Transport transport,
      Sessions sessions,
      KnownPeer known) {
    this.loop = loop;
    this.options = options;
    this.clock = clock;
    this.replica = replica;
    this.claims = claims;
    this.transport = transport;
    this.sessions = sessions;
    this.known = known;
    this.nextRetry = options.firstRetry();
  }

  /** What is written down of it. */
  KnownPeer known() {
    return known;
  }

  /** What is written down of it now. */
  void known(KnownPeer now) {
    known = now;
  }

  /** Begins to reach it, if it has an address; otherwise it is waited for. */
  void start() {
    connect();
  }

  /** Ends all talk with it. */
  void stop() {
    stopped = true;
    endPull();
    if (retry != null) {
      retry.cancel();
    }
    Session mine = outgoing;
    outgoing = null;
    if (mine != null) {
      mine.close();
    }
    List.copyOf(open).forEach(session -> session.end("no peer any more"));
    open.clear();
    state = Peer.State.DOWN;
  }

  private void connect() {
    String address = known.address();
    if (stopped || address == null || outgoing != null) {
      return;
    }
    Session session = sessions.outgoing(this);
    outgoing = session;
    Link link = transport.connect(address, known.key(), session);
    session.attach(link);
    greet();
  }

  /** Greets until there is an answer. */
  private void greet() {
    Session session = outgoing;
    if (stopped || session == null || session.isOpen()) {
      return;
    }
    if (retry != null) {
      retry.cancel();
    }
    session.greet(!known.oneWay());
    retry = loop.after(nextRetry, this::greetAgain);
  }

  private void greetAgain() {
    retry = null;
    lengthenRetry();
    if (state == Peer.State.DOWN) {
      lastError = "there is no answer from " + known.address();
    }
    if (outgoing == null) {
      connect();
    } else {
      greet();
    }
  }

  private void lengthenRetry() {
    Duration twice = nextRetry.multipliedBy(2);
    nextRetry = twice.compareTo(options.longestRetry()) > 0 ? options.longestRetry() : twice;
  }

  /** A session with it is open, whoever opened it. */
  void opened(Session session, Identity identity) {
    if (session == outgoing && retry != null) {
      retry.cancel();
      retry = null;
    }
    open.add(session);
    lastSeen = clock.instant();
    since = Math.max(since, identity.since());
    if (pull == null) {
      pullOver(session, identity);
    }
  }

  private void pullOver(Session session, Identity identity) {
    state = Peer.State.CATCHING_UP;
    pulledOver = session;
    pull =
        new Pull(
            loop, options, replica, claims, session, identity, known.selection(), new Progress());
    pull.start();
  }

  private final class Progress implements Pull.Listener {
    @Override
    public void advanced(long reached, long theSince, long timeMillis) {
      sequence = reached;
      since = theSince;
      takenMillis = timeMillis;
      state = reached >= theSince ? Peer.State.LIVE : Peer.State.CATCHING_UP;
      if (state == Peer.State.LIVE) {
        catchUp = null;
      } else if (catchUp == null) {
        catchUp = new CatchUp(clock.instant(), reached);
      }
      if (timeMillis > 0) {
        // It works, so the next failure is a new one.
        nextRetry = options.firstRetry();
      }
    }

    @Override
    public void failed(String what) {
      lastError = what;
    }
  }

  /** A session with it has ended. */
  void ended(Session session, String reason) {
    open.remove(session);
    lastError = reason;
    if (session == pulledOver) {
      endPull();
      Session other = open.isEmpty() ? null : open.get(0);
      Identity identity = other == null ? null : other.remote();
      if (other != null && identity != null) {
        pullOver(other, identity);
      }
    }
    if (open.isEmpty()) {
      state = Peer.State.DOWN;
    }
    if (session == outgoing && !stopped) {
      retryLater();
    }
  }

  private void endPull() {
    catchUp = null;
    pulledOver = null;
    Pull ending = pull;
    pull = null;
    if (ending != null) {
      ending.stop();
    }
  }

  private void retryLater() {
    if (retry == null) {
      retry = loop.after(nextRetry, this::greetAgain);
    }
  }

  /** The link of a session is gone. */
  void closed(Session session, String reason) {
    if (session == outgoing) {
      outgoing = null;
      lastError = reason;
      if (!stopped) {
        retryLater();
      }
    }
  }

  /** It does not want to talk, or cannot. */
  void refused(String reason) {
    lastError = reason;
    if (open.isEmpty()) {
      state = Peer.State.REFUSED;
    }
    nextRetry = options.longestRetry();
  }

  /** So many bytes came or went. */
  void carried(long bytesReceived, long bytesSent) {
    received.add(bytesReceived);
    sent.add(bytesSent);
    if (bytesReceived > 0) {
      lastSeen = clock.instant();
    }
  }

  /** How far it is with what had gathered; empty when it only follows. */
  Optional<Task> task() {
    CatchUp now = catchUp;
    if (now == null) {
      return Optional.empty();
    }
    long reached = Math.max(sequence, now.from());
    Duration elapsed = Duration.between(now.began(), clock.instant());
    return Optional.of(
        new Task(
            "peer " + known.name(),
            "replication",
            reached,
            Math.max(reached, since),
            "changes",
            now.began(),
            elapsed.isNegative() ? Duration.ZERO : elapsed,
            now.from()));
  }

  /** What it is now. */
  Peer status() {
    KnownPeer now = known;
    long reached = sequence;
    long ahead = Math.max(0, since - reached);
    long taken = takenMillis;
    Duration lag =
        ahead == 0 || taken == 0
            ? Duration.ZERO
            : Duration.ofMillis(Math.max(0, clock.millis() - taken));
    return new Peer(
        now.name(),
        now.address(),
        now.key(),
        now.database(),
        now.selection().buckets(),
        now.oneWay(),
        now.selection().fullHistory(),
        state,
        reached,
        ahead,
        lag,
        received.sum(),
        sent.sum(),
        lastError,
        lastSeen);
  }
}
