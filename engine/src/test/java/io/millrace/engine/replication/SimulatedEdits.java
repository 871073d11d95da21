package io.millrace.engine.replication;

import io.millrace.api.document.Body;
import io.millrace.api.document.Revision;
import io.millrace.engine.replication.ModelDatabase.Write;
import io.millrace.engine.revision.Leaf;
import io.millrace.engine.revision.Leaves;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What people do to the documents of one peer, as chance decides. */
final class SimulatedEdits {
  private final RandomGenerator random;
  private final List<String> buckets;
  private final int ids;
  private int numbers;

  SimulatedEdits(RandomGenerator random, List<String> buckets, int ids) {
    this.random = random;
    this.buckets = buckets;
    this.ids = ids;
  }

  /** One commit at {@code peer}. */
  void edit(SimulatedPeer peer) {
    List<Write> writes = new ArrayList<>();
    String message = null;
    switch (random.nextInt(10)) {
      case 0 -> delete(peer.database(), writes);
      case 1, 2 -> resolve(peer.database(), writes);
      case 3 -> {
        message = "back again";
        rollBack(peer.database(), writes);
      }
      case 4 -> writeOnAnyLeaf(peer.database(), writes);
      case 5 -> {
        message = "several";
        writeSeveral(peer.database(), writes);
      }
      default -> write(peer.database(), writes);
    }
    if (!writes.isEmpty()) {
      peer.commit(writes, peer.host(), message);
    }
  }

  private DocumentKey anyKey() {
    String bucket = buckets.get(random.nextInt(buckets.size()));
    return new DocumentKey(bucket, "d" + random.nextInt(ids));
  }

  private @Nullable DocumentKey anyPresent(ModelDatabase database) {
    for (int i = 0; i < 8; i++) {
      DocumentKey key = anyKey();
      if (!database.leaves(key).isEmpty()) {
        return key;
      }
    }
    return null;
  }

  /** Sometimes the same on several peers, so that the same revision is made twice. */
  private Body body() {
    int number = random.nextInt(4) == 0 ? random.nextInt(3) : 10 + numbers++;
    String padding = random.nextInt(10) == 0 ? "x".repeat(random.nextInt(2_000)) : "";
    return Body.ofCheckedJson(
        ("{\"n\":" + number + ",\"p\":\"" + padding + "\"}").getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable Revision winner(ModelDatabase database, DocumentKey key) {
    Leaf winner = database.leaves(key).winner();
    return winner == null ? null : winner.revision();
  }

  private void write(ModelDatabase database, List<Write> writes) {
    DocumentKey key = anyKey();
    writes.add(new Write(key, winner(database, key), false, body()));
  }

  private void writeSeveral(ModelDatabase database, List<Write> writes) {
    List<DocumentKey> keys = new ArrayList<>();
    for (int i = 2 + random.nextInt(5); i > 0; i--) {
      DocumentKey key = anyKey();
      if (!keys.contains(key)) {
        keys.add(key);
        writes.add(new Write(key, winner(database, key), false, body()));
      }
    }
  }

  private void delete(ModelDatabase database, List<Write> writes) {
    DocumentKey key = anyPresent(database);
    if (key != null) {
      Leaf winner = database.leaves(key).get(0);
      if (!winner.deleted()) {
        writes.add(new Write(key, winner.revision(), true, Body.EMPTY));
      }
    }
  }

  private void writeOnAnyLeaf(ModelDatabase database, List<Write> writes) {
    DocumentKey key = anyPresent(database);
    if (key != null) {
      Leaves leaves = database.leaves(key);
      Revision parent = leaves.get(random.nextInt(leaves.size())).revision();
      writes.add(new Write(key, parent, false, body()));
    }
  }

  /** One of the leaves goes on, the others end, in one commit. */
  private void resolve(ModelDatabase database, List<Write> writes) {
    for (DocumentKey key : database.documents()) {
      Leaves leaves = database.leaves(key);
      if (!leaves.conflicts().isEmpty() && random.nextBoolean()) {
        writes.add(new Write(key, leaves.get(0).revision(), false, body()));
        for (Revision loser : leaves.conflicts()) {
          writes.add(new Write(key, loser, true, Body.EMPTY));
        }
        return;
      }
    }
  }

  /** What a document said once is what it says again. */
  private void rollBack(ModelDatabase database, List<Write> writes) {
    DocumentKey key = anyPresent(database);
    if (key == null) {
      return;
    }
    Revision winner = database.leaves(key).get(0).revision();
    List<Revision> ancestry = database.tree(key).ancestry(winner);
    ModelRecord before = database.find(key, ancestry.get(random.nextInt(ancestry.size())));
    if (before != null && !before.deleted()) {
      writes.add(new Write(key, winner, false, before.body()));
    }
  }
}
