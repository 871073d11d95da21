package io.millrace.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.document.Body;
import io.millrace.api.replication.PeerRequest;
import io.millrace.engine.replication.Message.TellRevisions;
import io.millrace.engine.replication.ModelDatabase.Write;
import io.millrace.engine.replication.Topology.Edge;
import io.millrace.tck.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A body that a peer has is not sent to it again, however many others have it, too. */
class MeshTrafficTest {
  private static final int SIZE = 5;

  private final Seed seed = Seed.next();
  private final SplittableRandom random = new SplittableRandom(seed.value());
  private final SimulatedTime time = new SimulatedTime(random.split());
  private final SimulatedNetwork network = new SimulatedNetwork(time, random.split());
  private final Topology mesh = Topology.mesh(SIZE);
  private final List<SimulatedPeer> peers = new ArrayList<>();
  private final Expectations expectations = new Expectations(mesh, peers);

  /** How often each revision of a document went each way. */
  private final Map<String, Integer> crossings = new HashMap<>();

  private void start() {
    for (int i = 0; i < SIZE; i++) {
      String host = "n" + i;
      SimulatedPeer peer =
          new SimulatedPeer(
              host,
              network,
              random.split(),
              ReplicationOptions.defaults(host),
              Flaw.NONE,
              (source, selection, checkpoint) -> {});
      peers.add(peer);
      peer.start();
    }
    for (Edge edge : mesh.edges()) {
      peers
          .get(edge.from())
          .replication()
          .add(PeerRequest.of(SimulatedNetwork.address("n" + edge.to())));
    }
    network.observe(
        carried -> {
          if (Frames.decode(carried.frame()) instanceof TellRevisions tell) {
            for (Sent sent : tell.answer().sent()) {
              String what = sent.bucket() + "/" + sent.id() + " " + sent.revision();
              crossings.merge(carried.way().to() + " takes " + what, 1, Integer::sum);
            }
          }
        });
  }

  @Test
  void eachPeerIsSentEachBodyOnce() {
    start();
    SimulatedEdits edits = new SimulatedEdits(random.split(), List.of("a", "b"), 50);
    for (int i = 0; i < 1_000; i++) {
      edits.edit(peers.get(random.nextInt(SIZE)));
      time.pass(random.nextInt(20));
    }
    time.pass(60_000);
    assertThat(expectations.missing()).as("%s", seed).isNull();
    assertThat(crossings).isNotEmpty();
    assertThat(crossings).as("%s", seed).allSatisfy((what, times) -> assertThat(times).isOne());
  }

  @Test
  void onesThatWereEqualBeforeTheyMetSendNothing() {
    start();
    SimulatedEdits edits = new SimulatedEdits(random.split(), List.of("a"), 20);
    for (int i = 0; i < 100; i++) {
      edits.edit(peers.get(random.nextInt(SIZE)));
    }
    time.pass(60_000);
    assertThat(expectations.missing()).as("%s", seed).isNull();
    crossings.clear();
    for (SimulatedPeer peer : peers) {
      peer.kill();
      peer.database().loseCheckpoints(0);
    }
    peers.forEach(SimulatedPeer::start);
    time.pass(60_000);
    assertThat(expectations.missing()).as("%s", seed).isNull();
    assertThat(crossings).as("%s", seed).isEmpty();
  }

  @Test
  void manyConflictsOfOneDocumentTravelInFramesOfBearableSize() {
    start();
    DocumentKey key = new DocumentKey("a", "contested");
    for (SimulatedPeer peer : peers.subList(0, 2)) {
      List<Write> writes = new ArrayList<>();
      for (int i = 0; i < 700; i++) {
        Body body = Body.parse("{\"by\":\"" + peer.host() + "\",\"n\":" + i + "}");
        writes.add(new Write(key, null, false, body));
      }
      peer.commit(writes, peer.host(), null);
    }
    time.pass(60_000);
    assertThat(expectations.missing()).as("%s", seed).isNull();
    assertThat(peers.get(4).database().leaves(key).size()).isEqualTo(1_400);
  }
}
