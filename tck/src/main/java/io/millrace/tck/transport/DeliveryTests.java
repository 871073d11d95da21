package io.millrace.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.replication.Link;
import io.millrace.api.replication.Transport;
import io.millrace.tck.Seed;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames arrive whole, where they should. */
abstract class DeliveryTests extends TransportGroup {
  DeliveryTests(TransportTck kit) {
    super(kit);
  }

  private static List<byte[]> framesOfManySizes(int most, Random random) {
    List<byte[]> frames = new ArrayList<>();
    for (long size = 0; size <= most; size = size * 3 + 1) {
      byte[] incompressible = new byte[(int) size];
      random.nextBytes(incompressible);
      frames.add(incompressible);
      frames.add(new byte[(int) size]);
    }
    byte[] longest = new byte[most];
    random.nextBytes(longest);
    frames.add(longest);
    frames.add(new byte[most]);
    return frames;
  }

  @Test
  void framesOfAllSizesArriveWholeBothWays() {
    Seed seed = Seed.next();
    Transport server = open();
    Door door = new Door();
    server.listen(door);
    Transport client = open();
    Recorder answers = new Recorder();
    Link link = client.connect(address(server), null, answers);
    Door.Visit visit = null;
    for (byte[] frame : framesOfManySizes(client.maxFrameBytes(), seed.random())) {
      send(link, frame.clone());
      visit = visit == null ? door.await() : visit;
      byte[] arrived = visit.recorder().await();
      assertThat(arrived).as("there, %s", seed).isEqualTo(frame);
      send(visit.link(), arrived);
      assertThat(answers.await()).as("back, %s", seed).isEqualTo(frame);
    }
    assertThat(door.waiting()).as("links more than one").isZero();
  }

  @Test
  void frameThatIsTooLongIsRefused() {
    Transport server = open();
    Door door = new Door();
    server.listen(door);
    Link link = open().connect(address(server), null, new Recorder());
    send(link, new byte[] {1});
    Door.Visit visit = door.await();
    assertThatThrownBy(() -> link.send(new byte[server.maxFrameBytes() + 1]))
        .isInstanceOf(IllegalArgumentException.class);
    send(link, new byte[] {2});
    assertThat(visit.recorder().await()).containsExactly(1);
    assertThat(visit.recorder().await()).containsExactly(2);
  }

  @Test
  void thousandsOfFramesArriveOnceEachWhenTheReaderKeepsUp() {
    int count = 20_000;
    Transport server = open();
    Door door = new Door();
    server.listen(door);
    Link link = open().connect(address(server), null, new Recorder());
    send(link, numbered(0, 10));
    Recorder recorder = door.await().recorder();
    BitSet missing = new BitSet();
    missing.set(0, count);
    int sent = 1;
    while (!missing.isEmpty()) {
      while (sent < count && link.send(numbered(sent, sent % 2_000))) {
        sent++;
      }
      do {
        byte[] frame = recorder.await();
        int number = number(frame);
        assertThat(missing.get(number)).as("frame %s is new", number).isTrue();
        missing.clear(number);
        assertThat(frame).isEqualTo(numbered(number, number == 0 ? 10 : number % 2_000));
      } while (recorder.waiting() > 0);
      if (sent < count && !missing.isEmpty() && missing.nextSetBit(0) >= sent) {
        send(link, numbered(sent, sent % 2_000));
        sent++;
      }
    }
  }

  @Test
  void eachLinkHasItsOwnFrames() {
    Transport server = open();
    Door door = new Door();
    server.listen(door);
    List<Recorder> answers = new ArrayList<>();
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Recorder recorder = new Recorder();
      answers.add(recorder);
      links.add(open().connect(address(server), null, recorder));
    }
    for (int i = 0; i < 3; i++) {
      send(links.get(i), new byte[] {(byte) i});
    }
    List<Door.Visit> visits = List.of(door.await(), door.await(), door.await());
    byte[] names = new byte[3];
    for (int i = 0; i < 3; i++) {
      names[i] = visits.get(i).recorder().await()[0];
    }
    assertThat(names).containsExactlyInAnyOrder(0, 1, 2);
    for (int round = 0; round < 100; round++) {
      for (int i = 0; i < 3; i++) {
        send(visits.get(i).link(), new byte[] {names[i], (byte) round});
        send(links.get(i), new byte[] {(byte) i, (byte) round});
      }
      for (int i = 0; i < 3; i++) {
        assertThat(visits.get(i).recorder().await()).containsExactly(names[i], round);
        assertThat(answers.get(i).await()).containsExactly(i, round);
      }
    }
    assertThat(visits.stream().map(visit -> visit.link().remote()).distinct()).hasSize(3);
  }
}
