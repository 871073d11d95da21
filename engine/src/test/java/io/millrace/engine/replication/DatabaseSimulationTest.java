package io.millrace.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Moment;
import io.millrace.api.document.Revision;
import io.millrace.api.replication.PeerRequest;
import io.millrace.engine.KeptDatabases;
import io.millrace.engine.replication.OfferedDocument.Offered;
import io.millrace.engine.replication.Topology.Edge;
import io.millrace.spi.Meters;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import io.millrace.tck.Thoroughness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real databases in simulated time and a simulated network end up equal. */
@ExtendWith({NothingLeftBehind.class, QuietReplication.class})
class DatabaseSimulationTest {
  private static final List<String> BUCKETS = List.of("a", "b");
  private static final long MOST_MILLIS_TO_QUIET = 600_000;

  @TempDir Path folder;

  @Test
  void databasesEndEqualWhateverHappens() {
    Seed seed = Seed.next();
    Random random = seed.random();
    long next = seed.value();
    for (int i = 0; i < Thoroughness.times(20, 500); i++) {
      Run run = new Run(next, folder.resolve("run-" + i));
      try {
        run.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(new Seed(next) + ": " + e.getMessage(), e);
      } finally {
        run.peers.forEach(RealPeer::kill);
      }
      next = random.nextLong();
    }
  }

  /** A host with a database, and its present life. */
  private static final class RealPeer {
    final String host;
    final SimulatedNetwork network;
    final SplittableRandom random;
    final SimulatedBook book = new SimulatedBook();
    Path folder;
    @Nullable Database database;
    @Nullable SimulatedLoop loop;
    @Nullable SimulatedTransport transport;
    @Nullable SettledReplica replica;
    @Nullable Replication replication;

    RealPeer(String host, Path folder, SimulatedNetwork network, SplittableRandom random) {
      this.host = host;
      this.folder = folder;
      this.network = network;
      this.random = random;
    }

    void start() {
      Database opened = KeptDatabases.open(folder);
      SimulatedLoop running = new SimulatedLoop(network.time(), random);
      SettledReplica settled = new SettledReplica(KeptDatabases.replica(opened), running, random);
      SimulatedTransport reached = network.transport(host, true);
      Replication begun =
          new Replication(
              settled,
              reached,
              running,
              book,
              random,
              ReplicationOptions.defaults(host),
              Meters.none(),
              network.time().clock());
      database = opened;
      loop = running;
      replica = settled;
      transport = reached;
      replication = begun;
      begun.start();
    }

    void kill() {
      Database closing = database;
      if (closing != null && loop != null && transport != null) {
        loop.end();
        transport.close();
        closing.close();
        database = null;
      }
    }

    Database database() {
      Database present = database;
      if (present == null) {
        throw new IllegalStateException(host + " is down");
      }
      return present;
    }

    Replica replica() {
      return KeptDatabases.replica(database());
    }

    void commit(List<Edit> edits) {
      CommitRequest request =
          CommitRequest.write(edits, new Attribution(host, edits.size() > 1 ? "all" : null));
      await(database().commit(request));
    }

    void await(CompletionStage<CommitOutcome> written) {
      written.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
      if (replica != null) {
        replica.grown();
      }
    }

    void join(Edge edge) {
      if (replication != null && database != null) {
        replication.add(PeerRequest.of(SimulatedNetwork.address("n" + edge.to())));
      }
    }
  }

  /** One seed. */
  private static final class Run {
    final SplittableRandom random;
    final SimulatedTime time;
    final SimulatedNetwork network;
    final Topology topology;
    final Path folder;
    final List<RealPeer> peers = new ArrayList<>();
    int replaced;

    Run(long seed, Path folder) {
      this.folder = folder;
      random = new SplittableRandom(seed);
      time = new SimulatedTime(random.split());
      network = new SimulatedNetwork(time, random.split());
      topology = Topology.mesh(2 + random.nextInt(3));
      for (int i = 0; i < topology.size(); i++) {
        peers.add(new RealPeer("n" + i, folder.resolve("n" + i), network, random.split()));
      }
    }

    void run() {
      peers.forEach(RealPeer::start);
      topology.edges().forEach(edge -> peers.get(edge.from()).join(edge));
      for (int i = 0; i < 60; i++) {
        time.pass(random.nextInt(10) == 0 ? random.nextInt(8_000) : random.nextInt(300));
        step();
      }
      network.weather(Weather.FAIR);
      network.healAll();
      peers.stream().filter(peer -> peer.database == null).forEach(RealPeer::start);
      topology.edges().forEach(edge -> peers.get(edge.from()).join(edge));
      long end = time.nowMillis() + MOST_MILLIS_TO_QUIET;
      while (!equal() && time.nowMillis() < end) {
        time.pass(1_000);
      }
      for (RealPeer peer : peers) {
        assertThat(state(peer)).as("%s and n0", peer.host).isEqualTo(state(peers.get(0)));
      }
    }

    private boolean equal() {
      Map<String, String> first = state(peers.get(0));
      return peers.stream().allMatch(peer -> state(peer).equals(first));
    }

    private void step() {
      RealPeer peer = peers.get(random.nextInt(peers.size()));
      RealPeer other = peers.get(random.nextInt(peers.size()));
      int what = random.nextInt(100);
      if (what < 8) {
        network.weather(Weather.any(random));
      } else if (what < 14) {
        network.cut(peer.host, other.host);
        network.cut(other.host, peer.host);
      } else if (what < 22) {
        network.heal(peer.host, other.host);
        network.heal(other.host, peer.host);
      } else if (peer.database == null) {
        if (random.nextInt(4) == 0) {
          peer.folder = folder.resolve(peer.host + "-" + ++replaced);
        }
        peer.start();
        topology.edges().stream()
            .filter(edge -> peers.get(edge.from()) == peer)
            .forEach(peer::join);
      } else if (what < 28) {
        peer.kill();
      } else if (what < 30) {
        rollBack(peer);
      } else {
        edit(peer);
      }
    }

    private void rollBack(RealPeer peer) {
      String bucket = BUCKETS.get(random.nextInt(BUCKETS.size()));
      String id = "d" + random.nextInt(8);
      if (peer.database().bucket(bucket).find(id).isPresent()) {
        Moment then = Moment.of(1 + random.nextLong(peer.database().since().value()));
        peer.await(
            peer.database().bucket(bucket).rollback(id, then, new Attribution(peer.host, "back")));
      }
    }

    private void edit(RealPeer peer) {
      List<Edit> edits = new ArrayList<>();
      String bucket = BUCKETS.get(random.nextInt(BUCKETS.size()));
      String id = "d" + random.nextInt(8);
      Body body = Body.parse("{\"n\":" + random.nextInt(5) + "}");
      Document document = peer.database().bucket(bucket).findWithConflicts(id).orElse(null);
      if (document == null) {
        edits.add(new Edit.Put(bucket, id, Base.any(), body));
      } else if (!document.conflicts().isEmpty() && random.nextBoolean()) {
        edits.add(new Edit.Put(bucket, id, Base.of(document.revision()), body));
        for (Revision loser : document.conflicts()) {
          peer.commit(List.of(new Edit.Delete(bucket, id, Base.of(loser))));
        }
      } else if (!document.deleted() && random.nextInt(4) == 0) {
        edits.add(new Edit.Delete(bucket, id, Base.of(document.revision())));
      } else {
        edits.add(new Edit.Put(bucket, id, Base.of(document.revision()), body));
      }
      peer.commit(edits);
    }

    /** All leaves of all documents, and what the winners say. */
    private Map<String, String> state(RealPeer peer) {
      Map<String, String> state = new TreeMap<>();
      Replica.Changes all =
          peer.replica()
              .changes(0, Selection.ALL, 10_000)
              .toCompletableFuture()
              .orTimeout(30, TimeUnit.SECONDS)
              .join();
      for (OfferedDocument each : all.documents()) {
        TreeSet<Revision> leaves = new TreeSet<>();
        for (Offered offered : each.revisions()) {
          leaves.add(offered.revision());
        }
        Document winner =
            peer.database().bucket(each.bucket()).findWithConflicts(each.id()).orElseThrow();
        state.put(
            each.bucket() + "/" + each.id(),
            leaves
                + " "
                + winner.revision()
                + winner.body()
                + winner.deleted()
                + winner.conflicts());
      }
      return state;
    }
  }
}
