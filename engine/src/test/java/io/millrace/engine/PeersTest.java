package io.millrace.engine;

import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Database;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.replication.Peer;
import io.millrace.api.replication.PeerRequest;
import io.millrace.engine.maintenance.Conversion;
import io.millrace.engine.maintenance.Restore;
import io.millrace.tck.NothingLeftBehind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Databases of one process that are peers. */
@ExtendWith(NothingLeftBehind.class)
class PeersTest {
  private static final String B = "films";

  @TempDir Path folder;
  private final Hall hall = new Hall();

  private MillraceBuilder kept(String name) {
    return hall.at(name, Use.kept(folder.resolve(name)));
  }

  private static void awaitDocument(Database database, String id) {
    Use.await(id, () -> database.bucket(B).get(id).isPresent());
  }

  private static void awaitState(Database database, Peer.State state) {
    Use.await(
        state.word(),
        () -> database.peers().list().stream().anyMatch(peer -> peer.state() == state));
  }

  @Test
  void peersExchangeWhatTheyHaveAndWhatComes() {
    try (Database one = kept("one").open();
        Database two = kept("two").open()) {
      done(one, put(B, "a", "{\"by\":1}"));
      done(two, put(B, "b", "{\"by\":2}"));
      assertThat(two.peers().add(PeerRequest.of("one")).isNew()).isTrue();
      awaitDocument(two, "a");
      awaitDocument(one, "b");
      done(one, put(B, "c", "{}"));
      done(two, put(B, "d", "{}"));
      awaitDocument(two, "c");
      awaitDocument(one, "d");
      assertThat(one.peers().list()).hasSize(1);
      assertThat(one.peers().list().get(0).database()).isEqualTo(two.uuid());
      assertThat(two.info().modules())
          .anySatisfy(
              module -> {
                assertThat(module.kind()).isEqualTo("transport");
                assertThat(module.name()).isEqualTo("hall");
                assertThat(module.chosen()).isTrue();
              });
    }
  }

  @Test
  void peersAreKnownAgainAndGoOn() {
    try (Database one = kept("one").open()) {
      try (Database two = kept("two").open()) {
        two.peers().add(new PeerRequest("first", "one", null, List.of(), true, false));
        done(one, put(B, "a", "{}"));
        awaitDocument(two, "a");
      }
      done(one, put(B, "b", "{}"));
      try (Database two = kept("two").open()) {
        awaitDocument(two, "b");
        assertThat(two.peers().find("first")).isPresent();
        assertThat(two.peers().remove("first")).isTrue();
      }
      try (Database two = kept("two").open()) {
        assertThat(two.peers().list()).isEmpty();
      }
    }
  }

  @Test
  void aBucketThatComesBackReachesThePeersThatAreThere() {
    try (Database one = kept("one").open();
        Database two = kept("two").open()) {
      done(one, put(B, "a", "{}"));
      await(one.dropBucket(B, Use.NOBODY));
      two.peers().add(PeerRequest.of("one"));
      awaitState(two, Peer.State.LIVE);
      assertThat(two.bucket(B).get("a")).isEmpty();
      await(one.rollback(1, Use.NOBODY));
      awaitDocument(two, "a");
    }
  }

  @Test
  void withoutATransportThereAreNoPeers() {
    try (Database alone = Use.kept(folder.resolve("one")).open()) {
      assertThat(alone.peers().list()).isEmpty();
      assertThat(alone.peers().address()).isNull();
      assertThat(alone.peers().remove("x")).isFalse();
      assertThatThrownBy(() -> alone.peers().add(PeerRequest.of("one")))
          .isInstanceOf(UnsupportedException.class);
    }
  }

  @Test
  void aDamagedListOfPeersIsRefused() throws IOException {
    Path data = folder.resolve("one");
    try (Database one = kept("one").open()) {
      one.peers().add(PeerRequest.of("nowhere"));
    }
    Path file = data.resolve("peers.json");
    Files.writeString(file, Files.readString(file).replace("nowhere", "nowhexe"));
    assertThatThrownBy(() -> kept("one").open())
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> Use.kept(data).open()).isInstanceOf(CorruptionException.class);
  }

  @Test
  void copiesOfADatabaseHaveItsPeers() {
    Path data = folder.resolve("data");
    try (Database database = hall.at("data", Folders.segmented(data)).open()) {
      database.peers().add(PeerRequest.of("nowhere"));
      done(database, put(B, "a", "{}"));
      database.backup(folder.resolve("backup"));
    }
    Path restored = folder.resolve("restored");
    new Restore(Folders.workshop()).run(folder.resolve("backup"), restored);
    Path converted = folder.resolve("converted");
    new Conversion(Folders.workshop()).run(data, converted, "file", "leveldb");
    try (Database one = hall.at("r", Folders.segmented(restored)).open();
        Database two =
            hall.at("c", Folders.segmented(converted).store("leveldb", Map.of())).open()) {
      assertThat(one.peers().list()).extracting(Peer::address).containsExactly("nowhere");
      assertThat(two.peers().list()).extracting(Peer::address).containsExactly("nowhere");
    }
  }
}
