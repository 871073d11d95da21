package io.millrace.engine.replication;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.replication.Peer;
import io.millrace.api.replication.PeerRequest;
import io.millrace.engine.replication.Topology.Edge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One run of several peers in simulated time, all of it decided by a seed: first everybody writes
 * while everything goes wrong, then nothing goes wrong any more and all must become equal.
 */
final class ReplicationSimulation {
  private static final List<String> BUCKETS = List.of("a", "ab", "b");

  /** Much more than the options of a run let anybody ask for. */
  private static final int MAX_FRAME_BYTES = 128 << 10;

  private static final long MOST_MILLIS_TO_QUIET = Duration.ofMinutes(10).toMillis();

  private final RandomGenerator random;
  private final SimulatedTime time;
  private final SimulatedNetwork network;
  private final Topology topology;
  private final List<SimulatedPeer> peers = new ArrayList<>();
  private final SimulatedEdits edits;
  private final Expectations expectations;
  private final Consumer<String> trace;

  private ReplicationSimulation(long seed, Flaw flaw, Consumer<String> trace) {
    this.random = new SplittableRandom(seed);
    this.trace = trace;
    time = new SimulatedTime(new SplittableRandom(random.nextLong()));
    network = new SimulatedNetwork(time, new SplittableRandom(random.nextLong()));
    topology = Topology.any(random, BUCKETS);
    edits = new SimulatedEdits(random, BUCKETS, 1 + random.nextInt(random.nextBoolean() ? 4 : 20));
    expectations = new Expectations(topology, peers);
    for (int i = 0; i < topology.size(); i++) {
      peers.add(
          new SimulatedPeer(
              "n" + i,
              network,
              new SplittableRandom(random.nextLong()),
              options("n" + i),
              flaw,
              watcher(i)));
    }
    network.observe(this::carried);
  }

  /**
   * Runs from the beginning to the end.
   *
   * @param trace hears what happens
   * @return what tells this run from any other
   * @throws AssertionError when anything is not as it must be
   */
  static long run(long seed, Flaw flaw, Consumer<String> trace) {
    ReplicationSimulation simulation = new ReplicationSimulation(seed, flaw, trace);
    simulation.run();
    return simulation.fingerprint();
  }

  private ReplicationOptions options(String name) {
    return new ReplicationOptions(
        name,
        Duration.ofMillis(20 + random.nextInt(200)),
        Duration.ofMillis(1_000 + random.nextInt(9_000)),
        Duration.ofMillis(200 + random.nextInt(3_000)),
        1 + random.nextInt(4),
        Duration.ofMillis(500 + random.nextInt(20_000)),
        Duration.ofMillis(500 + random.nextInt(5_000)),
        1 + random.nextInt(random.nextBoolean() ? 4 : 100),
        1 + random.nextInt(random.nextBoolean() ? 4 : 100),
        1 + random.nextInt(4_000),
        1 + random.nextInt(3));
  }

  private ModelReplica.Watcher watcher(int receiver) {
    return new ModelReplica.Watcher() {
      @Override
      public void noted(UUID source, Selection selection, PullCheckpoint checkpoint) {
        say(() -> "n" + receiver + " notes " + checkpoint + " of " + source);
        expectations.requireHere(receiver, source, selection, checkpoint);
      }
    };
  }

  private void carried(SimulatedNetwork.Carried carried) {
    if (carried.frame().length > MAX_FRAME_BYTES) {
      throw new AssertionError("a frame of " + carried.frame().length + " bytes");
    }
    say(
        () ->
            carried.way().from()
                + " to "
                + carried.way().to()
                + ": "
                + Frames.decode(carried.frame()));
  }

  /** Makes a line only when somebody listens. */
  private void say(Supplier<String> line) {
    if (trace != SILENCE) {
      trace.accept(time.nowMillis() + " " + line.get());
    }
  }

  /** Nobody listens. */
  static final Consumer<String> SILENCE = line -> {};

  private long fingerprint() {
    long sum = time.nowMillis() * 31 + time.tasks() * 17 + network.frames();
    for (SimulatedPeer peer : peers) {
      sum = sum * 31 + peer.database().since();
      for (ModelRecord record : peer.database().records()) {
        sum = sum * 31 + record.digest().hashCode();
      }
    }
    return sum;
  }

  private void run() {
    say(() -> topology.toString());
    if (random.nextInt(4) == 0) {
      // Some have something to say to each other from the first.
      for (SimulatedPeer peer : peers) {
        peer.start();
        for (int i = random.nextInt(20); i > 0; i--) {
          edits.edit(peer);
        }
      }
    } else {
      peers.forEach(SimulatedPeer::start);
    }
    topology.edges().forEach(this::join);
    int steps = 20 + random.nextInt(60);
    for (int i = 0; i < steps; i++) {
      time.pass(random.nextInt(10) == 0 ? random.nextInt(5_000) : random.nextInt(300));
      step();
    }
    makeEverythingGood();
    becomeQuiet();
    stayQuiet();
  }

  private void join(Edge edge) {
    SimulatedPeer from = peers.get(edge.from());
    if (from.isUp()) {
      String host = peers.get(edge.to()).host();
      PeerRequest request =
          new PeerRequest(
              // Called like the one that may have come by itself, or not.
              edge.to() % 2 == 0 ? null : "to-" + host,
              SimulatedNetwork.address(host),
              null,
              edge.selection().buckets(),
              edge.oneWay(),
              edge.selection().fullHistory());
      try {
        from.replication().add(request);
      } catch (UnavailableException e) {
        // Added when everything is good again.
        say(() -> from + " cannot add " + host);
      }
    }
  }

  private void step() {
    SimulatedPeer peer = peers.get(random.nextInt(peers.size()));
    SimulatedPeer other = peers.get(random.nextInt(peers.size()));
    int what = random.nextInt(100);
    if (what < 60) {
      if (peer.isUp()) {
        say(() -> peer + " edits");
        edits.edit(peer);
      }
    } else if (what < 70) {
      disturbNetwork(peer, other);
    } else if (what < 78) {
      network.heal(peer.host(), other.host());
      network.heal(other.host(), peer.host());
    } else if (what < 86) {
      stopOrStart(peer);
    } else if (what < 88) {
      peer.backUp();
    } else if (peer.isUp()) {
      disturb(peer, what);
    }
  }

  private void disturbNetwork(SimulatedPeer peer, SimulatedPeer other) {
    switch (random.nextInt(4)) {
      case 0 -> network.cut(peer.host(), other.host());
      case 1 -> {
        network.cut(peer.host(), other.host());
        network.cut(other.host(), peer.host());
      }
      default -> network.weather(Weather.any(random));
    }
    say(() -> peer + " and " + other + ": " + network.weather());
  }

  private void stopOrStart(SimulatedPeer peer) {
    if (!peer.isUp()) {
      startAgain(peer);
    } else if (random.nextInt(4) == 0) {
      say(() -> peer + " stops");
      peer.stop();
    } else {
      say(() -> peer + " is killed");
      peer.kill();
      if (random.nextBoolean()) {
        startAgain(peer);
      }
    }
  }

  private void startAgain(SimulatedPeer peer) {
    int how = random.nextInt(10);
    if (how == 0) {
      say(() -> peer + " is replaced");
      peer.replace();
      expectations.begunAnew();
    } else if (how == 1) {
      say(() -> peer + " is restored");
      peer.restore();
      expectations.begunAnew();
    } else if (how < 4) {
      say(() -> peer + " loses its tail");
      peer.loseTail();
      expectations.begunAnew();
    }
    say(() -> peer + " starts with " + peer.database().id());
    peer.start();
    topology.edges().stream().filter(edge -> peers.get(edge.from()) == peer).forEach(this::join);
  }

  private void disturb(SimulatedPeer peer, int what) {
    if (what < 91) {
      peer.troubles(random.nextInt(3) == 0 ? 1_000 : random.nextInt(500));
    } else if (what < 94) {
      peer.troubles(0);
    } else if (what < 96) {
      peer.stall(random.nextInt(10_000));
    } else if (what < 99) {
      List<SimulatedLink> links = peer.transport().links();
      if (!links.isEmpty()) {
        SimulatedLink link = links.get(random.nextInt(links.size()));
        say(() -> peer + " is torn from " + link.remote());
        if (random.nextInt(4) == 0) {
          link.giveUp();
        } else {
          link.tear();
        }
      }
    } else {
      removeAndAdd(peer);
    }
  }

  private void removeAndAdd(SimulatedPeer peer) {
    List<Peer> added =
        peer.replication().list().stream().filter(each -> each.address() != null).toList();
    if (!added.isEmpty()) {
      String name = added.get(random.nextInt(added.size())).name();
      say(() -> peer + " removes " + name);
      try {
        peer.replication().remove(name);
      } catch (UnavailableException e) {
        return;
      }
      time.pass(random.nextInt(3_000));
      if (peer.isUp()) {
        topology.edges().stream()
            .filter(edge -> peers.get(edge.from()) == peer)
            .forEach(this::join);
      }
    }
  }

  private void makeEverythingGood() {
    say(() -> "everything is good");
    network.weather(Weather.FAIR);
    network.healAll();
    for (SimulatedPeer peer : peers) {
      if (peer.isUp()) {
        peer.troubles(0);
      } else {
        peer.start();
      }
    }
    topology.edges().forEach(this::join);
  }

  private void becomeQuiet() {
    long end = time.nowMillis() + MOST_MILLIS_TO_QUIET;
    String missing = expectations.missing();
    while (missing != null) {
      if (time.nowMillis() >= end) {
        throw new AssertionError("not equal in time: " + missing);
      }
      time.pass(500);
      missing = expectations.missing();
    }
    say(() -> "all are equal");
    peers.forEach(SimulatedPeer::assertNothingLost);
    expectations.requireAuthors();
  }

  private void stayQuiet() {
    // Answers to questions that were asked twice, or were on their way for long.
    time.pass(45_000);
    List<Long> before = peers.stream().map(peer -> peer.database().since()).toList();
    network.observe(
        carried -> {
          carried(carried);
          Expectations.requireNoRevisions(Frames.decode(carried.frame()));
        });
    time.pass(30_000);
    List<Long> after = peers.stream().map(peer -> peer.database().since()).toList();
    if (!before.equals(after)) {
      throw new AssertionError("something changed after all was equal: " + before + ", " + after);
    }
    String missing = expectations.missing();
    if (missing != null) {
      throw new AssertionError("no longer equal: " + missing);
    }
    expectations.requireFewLinks();
  }

  /** Runs without a trace, and once more with it if anything is wrong. */
  static @Nullable String failure(long seed, Flaw flaw) {
    try {
      run(seed, flaw, SILENCE);
      return null;
    } catch (AssertionError | RuntimeException e) {
      return e.toString();
    }
  }
}
