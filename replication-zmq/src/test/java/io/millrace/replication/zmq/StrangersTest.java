package io.millrace.replication.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.replication.Link;
import io.millrace.api.replication.LinkListener;
import io.millrace.api.replication.Transport;
import io.millrace.spi.TransportProvider.KeyPair;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Patience;
import io.millrace.tck.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** Whoever does not keep to the protocol is shown out, and nobody else notices. */
@ExtendWith(NothingLeftBehind.class)
@Timeout(120)
final class StrangersTest {
  private static final String REFUSED = "replication.transport.refused";
  private static final String VIOLATIONS = "replication.transport.violations";

  private final TestTransports transports = new TestTransports();
  private final KeyPair serverKeys = transports.newKeys();
  private final KeyPair friendKeys = transports.newKeys();
  private final AtomicInteger heard = new AtomicInteger();
  private Transport server = transports.openWithKeys(serverKeys, Set.of(friendKeys.publicKey()));
  private Transport friend = transports.openWithKeys(friendKeys, Set.of());
  private Link link = friend.connect(address(server), server.key(), new Counting());

  private final class Counting implements LinkListener {
    @Override
    public void received(byte[] frame) {
      heard.incrementAndGet();
    }

    @Override
    public void closed(String reason) {}
  }

  private static String address(Transport transport) {
    return Objects.requireNonNull(transport.address());
  }

  @BeforeEach
  void listen() {
    server.listen(opened -> new Counting());
    assertFriendIsServed();
  }

  @AfterEach
  void close() {
    friend.close();
    server.close();
    transports.close();
  }

  private void assertFriendIsServed() {
    int before = heard.get();
    await("the friend may send", () -> link.send(new byte[] {1}));
    await("the friend is heard", () -> heard.get() == before + 1);
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Patience.millis());
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("nanoseconds too late: %s", what).isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private Socket dial() throws IOException {
    String address = address(server);
    Socket socket =
        new Socket(
            InetAddress.getLoopbackAddress(),
            Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
    socket.setSoTimeout(Math.toIntExact(Patience.millis()));
    return socket;
  }

  /** Waits until the other side has closed. */
  private static void readToTheEnd(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    try {
      while (in.read() >= 0) {
        // Greetings, perhaps.
      }
    } catch (SocketException e) {
      // Reset, since not everything was read there.
    }
  }

  private static byte[] greeting(String mechanism) {
    ByteBuffer greeting = ByteBuffer.allocate(64);
    greeting.put((byte) 0xff).putLong(1).put((byte) 0x7f).put((byte) 3).put((byte) 0);
    greeting.put(mechanism.getBytes(StandardCharsets.US_ASCII));
    return greeting.array();
  }

  private static byte[] announce(long length) {
    // A long command.
    return ByteBuffer.allocate(9).put((byte) 6).putLong(length).array();
  }

  @Test
  void garbageIsRefusedAndCounted() throws IOException {
    Seed seed = Seed.next();
    Random random = seed.random();
    for (int i = 0; i < 20; i++) {
      long before = transports.counts.value(REFUSED);
      byte[] garbage = new byte[1 + random.nextInt(3_000)];
      random.nextBytes(garbage);
      try (Socket socket = dial()) {
        socket.getOutputStream().write(garbage);
        socket.shutdownOutput();
        readToTheEnd(socket);
      }
      await("it is counted, " + seed, () -> transports.counts.value(REFUSED) > before);
      assertFriendIsServed();
    }
  }

  @Test
  void absurdLengthsAreRefusedAtOnce() throws IOException {
    for (long length :
        new long[] {
          Piece.MAX_BYTES + Piece.ENVELOPE_BYTES + 1,
          1L << 31,
          1L << 62,
          -1,
          Long.MIN_VALUE,
          0xffffffff7fffffffL
        }) {
      long before = transports.counts.value(REFUSED);
      try (Socket socket = dial()) {
        socket.getOutputStream().write(greeting("CURVE"));
        socket.getOutputStream().write(announce(length));
        readToTheEnd(socket);
      }
      await("length " + length, () -> transports.counts.value(REFUSED) > before);
      assertFriendIsServed();
    }
  }

  @Test
  void whoeverSaysNothingIsShownOut() throws IOException {
    try (Socket silent = dial();
        Socket halfway = dial()) {
      halfway.getOutputStream().write(greeting("CURVE"));
      readToTheEnd(silent);
      readToTheEnd(halfway);
    }
    await("both are counted", () -> transports.counts.value(REFUSED) >= 2);
    assertFriendIsServed();
  }

  @Test
  void whoeverDoesNotEncryptIsRefused() throws IOException {
    try (Socket socket = dial()) {
      socket.getOutputStream().write(greeting("NULL"));
      readToTheEnd(socket);
    }
    await("it is counted", () -> transports.counts.value(REFUSED) >= 1);
    assertFriendIsServed();
  }

  /** A socket of the friend that was welcomed; JeroMQ sometimes forgets one (see the ADR). */
  private ZMQ.Socket welcomed(ZMQ.Context context) {
    for (long left = Patience.millis(); left > 0; left -= 1_000) {
      ZMQ.Socket socket = context.socket(SocketType.DEALER);
      socket.setLinger(0);
      socket.setCurvePublicKey(Keys.parse(friendKeys.publicKey()));
      socket.setCurveSecretKey(Keys.parse(friendKeys.secretKey()));
      socket.setCurveServerKey(Keys.parse(serverKeys.publicKey()));
      socket.setReceiveTimeOut(1_000);
      socket.connect(address(server));
      byte[] welcome = socket.recv();
      if (welcome != null) {
        assertThat(welcome).startsWith(Piece.WELCOME, Piece.VERSION);
        return socket;
      }
      socket.close();
    }
    throw new AssertionError("the friend is not welcomed");
  }

  @Test
  void friendWhoSendsNonsenseIsShownOutAndNobodyElse() {
    byte[][] nonsense = {
      {},
      {99, 0, 0, 0, 1},
      {Piece.FIRST, 0, 0, 0, 1},
      ByteBuffer.allocate(14)
          .put(Piece.FIRST)
          .putInt(1)
          .put(Packing.ZSTD)
          .putInt(1 << 30)
          .putInt(1 << 30)
          .array(),
      ByteBuffer.allocate(24)
          .put(Piece.FIRST)
          .putInt(1)
          .put(Packing.ZSTD)
          .putInt(10)
          .putInt(1_000_000)
          .array(),
      {Piece.MORE, 0, 0, 0, 1, 7},
      Piece.read(1, 1_000_000),
      {Piece.OPEN, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0}
    };
    ZMQ.Context context = ZMQ.context(1);
    try {
      for (byte[] piece : nonsense) {
        long before = transports.counts.value(VIOLATIONS);
        CountDownLatch ended = new CountDownLatch(1);
        try (ZMQ.Socket socket = welcomed(context)) {
          socket.base().setEventHook(event -> ended.countDown(), zmq.ZMQ.ZMQ_EVENT_DISCONNECTED);
          socket.send(Piece.open(new Piece.Terms(true, 1 << 20), 1));
          socket.send(piece);
          await("it is counted", () -> transports.counts.value(VIOLATIONS) > before);
          await("the connection is ended", () -> ended.getCount() == 0);
        }
        assertFriendIsServed();
      }
    } finally {
      context.term();
    }
  }
}
