package io.millrace.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.replication.Link;
import io.millrace.api.replication.LinkListener;
import io.millrace.api.replication.Transport;
import io.millrace.tck.Patience;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Nobody makes anybody's memory grow. */
abstract class FlowTests extends TransportGroup {
  private static final int FRAME_BYTES = 32 << 10;

  FlowTests(TransportTck kit) {
    super(kit);
  }

  @Test
  void readerThatStandsStillStopsTheSenderAndLosesNothing() throws InterruptedException {
    Transport server = open();
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger read = new AtomicInteger();
    server.listen(
        link ->
            listener(
                frame -> {
                  awaitLatch(goOn);
                  read.incrementAndGet();
                }));
    Link link = open().connect(address(server), null, new Recorder());
    send(link, numbered(0, FRAME_BYTES));
    int taken = 1;
    try {
      long most = fixture().mostBytesUnderWay() / FRAME_BYTES;
      long full = 0;
      // Full is what stays full: a transport may need a moment to move what it has taken.
      while (full < 200) {
        if (link.send(numbered(taken, FRAME_BYTES))) {
          taken++;
          full = 0;
          assertThat(taken).as("frames taken, that nobody reads").isLessThanOrEqualTo((int) most);
        } else {
          full++;
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
      }
    } finally {
      goOn.countDown();
    }
    int all = taken;
    await("everything that was taken is read", () -> read.get() == all);
    send(link, numbered(taken, FRAME_BYTES));
    await("it goes on", () -> read.get() == all + 1);
  }

  @Test
  void manyThreadsMaySend() throws InterruptedException {
    int threads = 4;
    int each = 500;
    Transport server = open();
    Door door = new Door();
    server.listen(door);
    Link link = open().connect(address(server), null, new Recorder());
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int first = i * each;
      Thread sender =
          new Thread(
              () -> {
                for (int number = first; number < first + each; number++) {
                  send(link, numbered(number, 3_000));
                }
              },
              "sending-" + i);
      sender.setDaemon(true);
      senders.add(sender);
      sender.start();
    }
    Recorder recorder = door.await().recorder();
    BitSet arrived = new BitSet();
    for (int i = 0; i < threads * each; i++) {
      byte[] frame = recorder.await();
      assertThat(frame).isEqualTo(numbered(number(frame), 3_000));
      assertThat(arrived.get(number(frame))).as("doubled").isFalse();
      arrived.set(number(frame));
    }
    for (Thread sender : senders) {
      sender.join(Patience.millis());
    }
    assertThat(recorder.waiting()).isZero();
  }

  @Test
  void listenerThatThrowsHearsTheNextFrameAndSoDoOthers() {
    Transport server = open();
    Door door = new Door();
    Recorder heard = new Recorder();
    AtomicInteger links = new AtomicInteger();
    server.listen(
        link ->
            links.getAndIncrement() > 0
                ? door.accepted(link)
                : listener(
                    frame -> {
                      if (frame[0] == 1) {
                        throw new IllegalStateException("planted");
                      }
                      heard.received(frame);
                    }));
    Link link = open().connect(address(server), null, new Recorder());
    send(link, new byte[] {1});
    send(link, new byte[] {2});
    assertThat(heard.await()).containsExactly(2);
    Link other = open().connect(address(server), null, new Recorder());
    send(other, new byte[] {3});
    assertThat(door.await().recorder().await()).containsExactly(3);
  }

  private interface Received {
    void accept(byte[] frame);
  }

  private static LinkListener listener(Received received) {
    return new LinkListener() {
      @Override
      public void received(byte[] frame) {
        received.accept(frame);
      }

      @Override
      public void closed(String reason) {}
    };
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
