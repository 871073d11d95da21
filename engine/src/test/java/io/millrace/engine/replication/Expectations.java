package io.millrace.engine.replication;

import io.millrace.api.replication.Peer;
import io.millrace.engine.replication.Message.TellRevisions;
import io.millrace.engine.replication.Topology.Flow;
import io.millrace.engine.revision.Leaf;
import io.millrace.engine.revision.Leaves;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What must be so in a simulation, at every step and in the end. */
final class Expectations {
  private final Topology topology;
  private final List<SimulatedPeer> peers;
  private final Map<Taken, Long> found = new HashMap<>();

  Expectations(Topology topology, List<SimulatedPeer> peers) {
    this.topology = topology;
    this.peers = peers;
  }

  private record Taken(int receiver, UUID source, Selection selection) {}

  /** Some database lost what it had, so nothing that was found is certain any more. */
  void begunAnew() {
    found.clear();
  }

  /** Everything that {@code source} offers up to a checkpoint is at {@code receiver}. */
  void requireHere(int receiver, UUID source, Selection selection, PullCheckpoint checkpoint) {
    if (checkpoint.anchor().sequence() < checkpoint.sequence()) {
      throw new AssertionError("the anchor of " + checkpoint + " does not prove it");
    }
    ModelDatabase from = null;
    for (SimulatedPeer peer : peers) {
      if (peer.database().id().equals(source)) {
        from = peer.database();
      }
    }
    // Of a history that is no more, only the anchor tells.
    if (from == null
        || !from.incarnation().equals(checkpoint.incarnation())
        || !from.recognises(checkpoint.anchor())) {
      return;
    }
    ModelDatabase here = peers.get(receiver).database();
    Taken taken = new Taken(receiver, source, selection);
    long to = checkpoint.sequence();
    for (long at = found.getOrDefault(taken, 0L) + 1; at <= to; at++) {
      ModelRecord record = from.record(at);
      if (selection.includes(record.key().bucket())) {
        requireHere(here, from, record, selection, checkpoint);
      }
    }
    found.merge(taken, to, Math::max);
  }

  private static void requireHere(
      ModelDatabase here,
      ModelDatabase from,
      ModelRecord record,
      Selection selection,
      PullCheckpoint checkpoint) {
    DocumentKey key = record.key();
    if (selection.fullHistory() && here.find(key, record.revision()) == null) {
      throw ahead(checkpoint, record);
    }
    if (from.latest(key) == record.sequence()) {
      Leaves leaves = from.leaves(key);
      for (int i = 0; i < leaves.size(); i++) {
        if (!here.tree(key).contains(leaves.get(i).revision())) {
          throw ahead(checkpoint, record);
        }
      }
    }
  }

  private static AssertionError ahead(PullCheckpoint checkpoint, ModelRecord record) {
    return new AssertionError(checkpoint + " is ahead of " + record);
  }

  /** What is not yet as it must be in the end; null when all is. */
  @Nullable String missing() {
    for (Flow flow : topology.flows()) {
      String missing = missing(flow);
      if (missing != null) {
        return missing;
      }
    }
    for (String bucket : buckets()) {
      boolean[][] reach = topology.reach(bucket);
      for (int i = 0; i < topology.size(); i++) {
        for (int j = i + 1; j < topology.size(); j++) {
          String different = reach[i][j] && reach[j][i] ? different(bucket, i, j) : null;
          if (different != null) {
            return different;
          }
        }
      }
    }
    return null;
  }

  private Set<String> buckets() {
    Set<String> buckets = new TreeSet<>();
    for (SimulatedPeer peer : peers) {
      peer.database().documents().forEach(key -> buckets.add(key.bucket()));
    }
    return buckets;
  }

  private @Nullable String missing(Flow flow) {
    SimulatedPeer to = peers.get(flow.to());
    ModelDatabase from = peers.get(flow.from()).database();
    String way = "from " + peers.get(flow.from()) + " to " + to + ": ";
    for (DocumentKey key : from.documents()) {
      if (flow.selection().includes(key.bucket())) {
        for (Leaf leaf : leaves(from, key)) {
          if (!to.database().tree(key).contains(leaf.revision())) {
            return way + key + " " + leaf.revision();
          }
        }
        if (flow.selection().fullHistory()
            && !to.database().bodies(key).containsAll(from.bodies(key))) {
          return way + "the history of " + key;
        }
      }
    }
    Peer status =
        to.replication().list().stream()
            .filter(each -> from.id().equals(each.database()))
            .findAny()
            .orElse(null);
    if (status == null
        || status.state() != Peer.State.LIVE
        || status.lagChanges() != 0
        || !status.lag().isZero()
        || status.sequence() != from.since()) {
      return way + status + " at " + from.since();
    }
    return null;
  }

  private static List<Leaf> leaves(ModelDatabase database, DocumentKey key) {
    Leaves leaves = database.leaves(key);
    List<Leaf> all = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      all.add(leaves.get(i));
    }
    return all;
  }

  private @Nullable String different(String bucket, int i, int j) {
    ModelDatabase one = peers.get(i).database();
    ModelDatabase other = peers.get(j).database();
    Set<DocumentKey> keys = new TreeSet<>(one.documents());
    keys.addAll(other.documents());
    for (DocumentKey key : keys) {
      if (key.bucket().equals(bucket)) {
        List<String> here = names(one, key);
        List<String> there = names(other, key);
        if (!here.equals(there)) {
          return key + " at n" + i + " " + here + ", at n" + j + " " + there;
        }
        String row = String.valueOf(one.rows().get(key));
        if (!row.equals(String.valueOf(other.rows().get(key)))) {
          return "the row of " + key + " at n" + i + " and n" + j;
        }
      }
    }
    return null;
  }

  /** The leaves, the winner first, without what is of one database alone. */
  private static List<String> names(ModelDatabase database, DocumentKey key) {
    return leaves(database, key).stream()
        .map(leaf -> leaf.revision() + (leaf.deleted() ? " deleted" : ""))
        .toList();
  }

  /** What came from others still says who wrote it. */
  void requireAuthors() {
    for (SimulatedPeer peer : peers) {
      for (ModelRecord record : peer.database().records()) {
        String author = record.attribution().author();
        if (author == null || record.attribution().origin() == null) {
          throw new AssertionError(peer + " does not know who wrote " + record);
        }
      }
    }
  }

  /** Nothing is sent that everybody has. */
  static void requireNoRevisions(@Nullable Message message) {
    if (message instanceof TellRevisions tell && !tell.answer().sent().isEmpty()) {
      throw new AssertionError("sent though all was equal: " + tell);
    }
  }

  /** Nothing is left behind by all that went wrong. */
  void requireFewLinks() {
    for (SimulatedPeer peer : peers) {
      int links = peer.transport().links().size();
      if (links > 2 * topology.edges().size()) {
        throw new AssertionError(peer + " has " + links + " links");
      }
      int waiting = peer.replica().waiting();
      if (waiting > 2 * topology.edges().size()) {
        throw new AssertionError(peer + " has " + waiting + " that wait for changes");
      }
    }
  }
}
