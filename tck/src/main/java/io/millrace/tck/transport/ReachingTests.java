package io.millrace.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.replication.Link;
import io.millrace.api.replication.Transport;
import org.junit.jupiter.api.Test;

/** Links find the other side again, and end. */
abstract class ReachingTests extends TransportGroup {
  ReachingTests(TransportTck kit) {
    super(kit);
  }

  @Test
  void nothingIsTakenForNobodyAndEverythingOnceSomebodyListens() {
    Transport gone = open();
    String address = address(gone);
    gone.close();
    Transport client = open();
    Link link = client.connect(address, null, new Recorder());
    for (int i = 0; i < 1_000; i++) {
      assertThat(link.send(new byte[] {1})).as("taken for nobody").isFalse();
    }
    Transport server = closedLater(fixture().openAt(address));
    assertThat(server.address()).isEqualTo(address);
    Door door = new Door();
    server.listen(door);
    send(link, new byte[] {2});
    assertThat(door.await().recorder().await()).containsExactly(2);
    assertThat(link.remote()).contains(address);
  }

  @Test
  void linkIsConnectedAgainWhenTheOtherSideComesBack() {
    Transport client = open();
    Transport first = open();
    String address = address(first);
    Door door = new Door();
    first.listen(door);
    Recorder answers = new Recorder();
    Link link = client.connect(address, null, answers);
    send(link, new byte[] {1});
    assertThat(door.await().recorder().await()).containsExactly(1);
    for (int round = 0; round < 3; round++) {
      first.close();
      await("it is noticed that nobody is there", () -> !link.send(new byte[] {0}));
      first = closedLater(fixture().openAt(address));
      Door next = new Door();
      first.listen(next);
      send(link, new byte[] {3});
      Door.Visit visit = next.await();
      assertThat(visit.recorder().await()).containsExactly(3);
      send(visit.link(), new byte[] {4});
      assertThat(answers.await()).containsExactly(4);
    }
    assertThat(answers.isClosed()).as("a link that comes back was said to have ended").isFalse();
  }

  @Test
  void listenerHearsThatTheOtherSideHasEndedItsLink() {
    Transport server = open();
    Door door = new Door();
    server.listen(door);
    Transport client = open();
    Recorder own = new Recorder();
    Link link = client.connect(address(server), null, own);
    send(link, new byte[] {1});
    Door.Visit visit = door.await();
    link.close();
    link.close();
    assertThat(link.send(new byte[] {2})).isFalse();
    await("the end is heard of", visit.recorder()::isClosed);
    assertThat(visit.link().send(new byte[] {3})).isFalse();
    assertThat(own.isClosed()).as("whoever closes hears nothing of it").isFalse();
  }

  @Test
  void listenerHearsThatTheOtherTransportWasClosed() {
    Transport server = open();
    Door door = new Door();
    server.listen(door);
    Transport client = open();
    Recorder own = new Recorder();
    Link link = client.connect(address(server), null, own);
    send(link, new byte[] {1});
    Door.Visit visit = door.await();
    client.close();
    client.close();
    await("the end is heard of", visit.recorder()::isClosed);
    assertThat(link.send(new byte[] {2})).isFalse();
    assertThat(own.isClosed()).as("whoever closes hears nothing of it").isFalse();
  }

  @Test
  void acceptedLinkThatIsClosedIsOpenedAnew() {
    Transport server = open();
    Door door = new Door();
    server.listen(door);
    Link link = open().connect(address(server), null, new Recorder());
    send(link, new byte[] {1});
    Door.Visit visit = door.await();
    assertThat(visit.recorder().await()).containsExactly(1);
    visit.link().close();
    assertThat(visit.link().send(new byte[] {2})).isFalse();
    await(
        "another link is opened",
        () -> {
          link.send(new byte[] {3});
          return door.waiting() > 0;
        });
    Door.Visit again = door.await();
    // What was sent until now may have gone the old way, which still seems to be there for a while.
    await(
        "a frame comes the new way",
        () -> {
          link.send(new byte[] {3});
          return again.recorder().waiting() > 0;
        });
    assertThat(again.recorder().await()).containsExactly(3);
    assertThat(visit.recorder().isClosed()).as("whoever closes hears nothing of it").isFalse();
    assertThat(visit.recorder().waiting()).as("frames after the close").isZero();
  }

  @Test
  void impossibleAddressIsRefused() {
    Transport client = open();
    assertThatThrownBy(() -> client.require(fixture().impossibleAddress(), null))
        .isInstanceOf(InvalidRequestException.class)
        .hasFieldOrPropertyWithValue("code", "invalid-address");
    client.require(address(client), null);
  }
}
