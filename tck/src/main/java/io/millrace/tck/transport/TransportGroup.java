package io.millrace.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.replication.Link;
import io.millrace.api.replication.Transport;
import io.millrace.tck.Patience;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Timeout;

/** A group of tests within the kit. */
@Timeout(120)
abstract class TransportGroup {
  private final TransportTck kit;

  TransportGroup(TransportTck kit) {
    this.kit = kit;
  }

  TransportFixture fixture() {
    return kit.fixture();
  }

  Transport open() {
    return kit.closedLater(fixture().open());
  }

  Transport closedLater(Transport transport) {
    return kit.closedLater(transport);
  }

  static String address(Transport transport) {
    return Objects.requireNonNull(transport.address(), "the transport listens nowhere");
  }

  /** Sends as soon as the link takes it. */
  static void send(Link link, byte[] frame) {
    await("the link takes the frame", () -> link.send(frame));
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Patience.millis());
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("nanoseconds too late: %s", what).isNegative();
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
    }
  }

  /** A frame that says its number, and can be told from one that was cut or mixed. */
  static byte[] numbered(int number, int length) {
    byte[] frame = new byte[Math.max(Integer.BYTES, length)];
    for (int i = Integer.BYTES; i < frame.length; i++) {
      frame[i] = (byte) (number * 31 + i * 7 + (i >> 8));
    }
    ByteBuffer.wrap(frame).putInt(number);
    return frame;
  }

  static int number(byte[] frame) {
    return ByteBuffer.wrap(frame).getInt();
  }
}
