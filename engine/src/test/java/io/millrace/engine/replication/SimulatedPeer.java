package io.millrace.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.document.Revision;
import io.millrace.api.log.Incarnation;
import io.millrace.engine.replication.ModelDatabase.Write;
import io.millrace.spi.Meters;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A host with a database, which lives, dies and lives again. */
final class SimulatedPeer {
  private final String host;
  private final SimulatedNetwork network;
  private final RandomGenerator random;
  private final ReplicationOptions options;
  private final Flaw flaw;
  private final ModelReplica.Watcher watcher;
  private final List<Acknowledged> acknowledged = new ArrayList<>();
  private SimulatedBook book = new SimulatedBook();
  private ModelDatabase database;
  private @Nullable ModelDatabase backup;
  private @Nullable Life life;
  private @Nullable Life stopping;

  private record Acknowledged(DocumentKey key, Revision revision) {}

  /** From a start to a stop. */
  private record Life(
      SimulatedLoop loop,
      SimulatedTransport transport,
      ModelReplica replica,
      Replication replication) {}

  SimulatedPeer(
      String host,
      SimulatedNetwork network,
      RandomGenerator random,
      ReplicationOptions options,
      Flaw flaw,
      ModelReplica.Watcher watcher) {
    this.host = host;
    this.network = network;
    this.random = random;
    this.options = options;
    this.flaw = flaw;
    this.watcher = watcher;
    this.database = new ModelDatabase(uuid(), new Incarnation(uuid()), network.time().clock());
  }

  private UUID uuid() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  String host() {
    return host;
  }

  ModelDatabase database() {
    return database;
  }

  boolean isUp() {
    return life != null;
  }

  private Life life() {
    Life present = life;
    if (present == null) {
      throw new IllegalStateException(host + " is down");
    }
    return present;
  }

  Replication replication() {
    return life().replication();
  }

  SimulatedTransport transport() {
    return life().transport();
  }

  ModelReplica replica() {
    return life().replica();
  }

  void start() {
    haveEnded();
    assertNothingLost();
    SimulatedLoop loop = new SimulatedLoop(network.time(), random);
    ModelReplica replica = new ModelReplica(database, loop, random, watcher);
    SimulatedTransport transport = network.transport(host, true);
    Replica shown = flaw == Flaw.NONE ? replica : new FlawedReplica(replica, flaw, loop);
    Replication replication =
        new Replication(
            shown,
            flaw == Flaw.NONE ? transport : new FlawedTransport(transport, flaw, replica),
            loop,
            book,
            random,
            options,
            Meters.none(),
            network.time().clock());
    life = new Life(loop, transport, replica, replication);
    book.refuses(false);
    replication.start();
  }

  /** Ends without another word, with or without the checkpoints of late. */
  void kill() {
    Life ending = life();
    life = null;
    end(ending);
    if (random.nextInt(3) > 0) {
      database.loseCheckpoints(random.nextInt(database.checkpoints() + 1));
    }
  }

  /** Ends in good order, which takes a moment. */
  void stop() {
    Life ending = life();
    life = null;
    stopping = ending;
    ending.replication().close();
    network.time().after(100, () -> end(ending));
  }

  private void end(Life ending) {
    ending.loop().end();
    ending.transport().close();
    if (stopping == ending) {
      stopping = null;
    }
  }

  /** No life begins before the last one has ended. */
  private void haveEnded() {
    Life last = stopping;
    if (last != null) {
      end(last);
    }
  }

  /** Loses what came last, without a trace. */
  void loseTail() {
    haveEnded();
    database.loseTail(random.nextLong(database.since() + 1));
    acknowledged.removeIf(each -> database.find(each.key(), each.revision()) == null);
  }

  void backUp() {
    backup = copy(database);
  }

  private ModelDatabase copy(ModelDatabase of) {
    return ModelDatabase.restored(
        of.id(), of.incarnation(), of, (int) of.since(), of.checkpoints());
  }

  /** Goes on from the backup, as another database; with or without its checkpoints. */
  void restore() {
    haveEnded();
    ModelDatabase from = backup;
    if (from == null) {
      replace();
      return;
    }
    database =
        ModelDatabase.restored(
            uuid(),
            new Incarnation(uuid()),
            from,
            (int) from.since(),
            random.nextBoolean() ? from.checkpoints() : 0);
    acknowledged.clear();
    if (random.nextBoolean()) {
      book = new SimulatedBook();
    }
  }

  /** Goes on as an empty database. */
  void replace() {
    haveEnded();
    database = new ModelDatabase(uuid(), new Incarnation(uuid()), network.time().clock());
    book = new SimulatedBook();
    acknowledged.clear();
  }

  void commit(List<Write> writes, String author, @Nullable String message) {
    List<Revision> made = database.commit(writes, author, message);
    if (made.size() == writes.size()) {
      for (int i = 0; i < made.size(); i++) {
        acknowledged.add(new Acknowledged(writes.get(i).key(), made.get(i)));
      }
    }
    replica().grown();
  }

  /** How many of 1,000 inserts fail from now on; of as many as all, peers cannot be noted, too. */
  void troubles(int ofThousand) {
    replica().troubles(ofThousand);
    book.refuses(ofThousand == 1_000);
  }

  void stall(long millis) {
    life().loop().stall(millis);
  }

  void assertNothingLost() {
    for (Acknowledged each : acknowledged) {
      assertThat(database.find(each.key(), each.revision())).as("%s", each).isNotNull();
    }
  }

  @Override
  public String toString() {
    return host;
  }
}
