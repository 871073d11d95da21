package io.millrace.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.replication.Link;
import io.millrace.api.replication.Transport;
import io.millrace.spi.TransportProvider.KeyPair;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Only those get in who may. A transport that does not encrypt refuses keys, and has none. */
abstract class PrivacyTests extends TransportGroup {
  PrivacyTests(TransportTck kit) {
    super(kit);
  }

  private Transport open(KeyPair keys, Set<String> allowed) {
    return closedLater(fixture().openWithKeys(keys, allowed));
  }

  @Test
  void transportWithoutKeysHasNoneAndRefusesThem() {
    Transport plain = open();
    assertThat(plain.key()).isNull();
    assertThatThrownBy(() -> plain.require(address(plain), "no key at all"))
        .isInstanceOf(InvalidRequestException.class)
        .hasFieldOrPropertyWithValue("code", "invalid-key");
  }

  @Test
  void bothSidesKnowTheKeyOfTheOther() {
    if (!fixture().hasKeys()) {
      assertThatThrownBy(() -> fixture().newKeys())
          .isInstanceOf(UnsupportedOperationException.class);
      return;
    }
    KeyPair ours = fixture().newKeys();
    KeyPair theirs = fixture().newKeys();
    Transport server = open(ours, Set.of(theirs.publicKey()));
    assertThat(server.key()).isEqualTo(ours.publicKey());
    Door door = new Door();
    server.listen(door);
    Recorder answers = new Recorder();
    Link link = open(theirs, Set.of()).connect(address(server), ours.publicKey(), answers);
    byte[] longest = numbered(7, server.maxFrameBytes());
    send(link, longest.clone());
    Door.Visit visit = door.await();
    assertThat(visit.recorder().await()).isEqualTo(longest);
    assertThat(visit.link().remoteKey()).isEqualTo(theirs.publicKey());
    assertThat(link.remoteKey()).isEqualTo(ours.publicKey());
    send(visit.link(), longest.clone());
    assertThat(answers.await()).isEqualTo(longest);
  }

  @Test
  void whoeverIsNotAllowedIsNotLetIn() {
    if (!fixture().hasKeys()) {
      return;
    }
    KeyPair ours = fixture().newKeys();
    KeyPair friends = fixture().newKeys();
    Transport server = open(ours, Set.of(friends.publicKey()));
    Door door = new Door();
    server.listen(door);
    Link stranger =
        open(fixture().newKeys(), Set.of())
            .connect(address(server), ours.publicKey(), new Recorder());
    Link mistaken =
        open(friends, Set.of())
            .connect(address(server), fixture().newKeys().publicKey(), new Recorder());
    Link plain = open().connect(address(server), null, new Recorder());
    Link friend =
        open(friends, Set.of()).connect(address(server), ours.publicKey(), new Recorder());
    send(friend, new byte[] {1});
    Door.Visit visit = door.await();
    for (int i = 0; i < 200; i++) {
      assertThat(stranger.send(new byte[] {2})).as("a stranger").isFalse();
      assertThat(mistaken.send(new byte[] {3})).as("one with a wrong key").isFalse();
      assertThat(plain.send(new byte[] {4})).as("one without a key").isFalse();
      send(friend, new byte[] {1});
      assertThat(visit.recorder().await()).containsExactly(1);
    }
    assertThat(door.waiting()).as("others that were let in").isZero();
  }

  @Test
  void noKeyIsAllowedWhenNoneIsNamed() {
    if (!fixture().hasKeys()) {
      return;
    }
    KeyPair ours = fixture().newKeys();
    KeyPair friends = fixture().newKeys();
    Transport server = open(ours, Set.of());
    Door door = new Door();
    server.listen(door);
    Transport other = open(fixture().newKeys(), Set.of(ours.publicKey(), friends.publicKey()));
    Door elsewhere = new Door();
    other.listen(elsewhere);
    Transport friend = open(friends, Set.of());
    Link refused = friend.connect(address(server), ours.publicKey(), new Recorder());
    Link taken = friend.connect(address(other), String.valueOf(other.key()), new Recorder());
    send(taken, new byte[] {1});
    Door.Visit visit = elsewhere.await();
    for (int i = 0; i < 200; i++) {
      send(taken, new byte[] {1});
      assertThat(visit.recorder().await()).containsExactly(1);
      assertThat(refused.send(new byte[] {2})).isFalse();
    }
    assertThat(door.waiting()).isZero();
  }
}
