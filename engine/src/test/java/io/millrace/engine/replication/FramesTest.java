package io.millrace.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.Origin;
import io.millrace.api.document.Revision;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Incarnation;
import io.millrace.engine.replication.Message.AskChanges;
import io.millrace.engine.replication.Message.AskRevisions;
import io.millrace.engine.replication.Message.Bye;
import io.millrace.engine.replication.Message.Failed;
import io.millrace.engine.replication.Message.Hello;
import io.millrace.engine.replication.Message.Identity;
import io.millrace.engine.replication.Message.Ping;
import io.millrace.engine.replication.Message.Pong;
import io.millrace.engine.replication.Message.Refused;
import io.millrace.engine.replication.Message.TellChanges;
import io.millrace.engine.replication.Message.TellRevisions;
import io.millrace.engine.replication.Message.Welcome;
import io.millrace.engine.replication.OfferedDocument.Offered;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FramesTest {
  private static final UUID DATABASE = new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
  private static final Incarnation LIFE =
      new Incarnation(new UUID(0x1112131415161718L, 0x191a1b1c1d1e1f20L));
  private static final Revision FIRST = new Revision(1, 0x21L, 0x22L);
  private static final Revision SECOND = new Revision(2, 0x31L, 0x32L);
  private static final Selection FILMS = new Selection(List.of("films", "a*"), true);
  private static final Anchor ANCHOR = new Anchor(300, digest());

  private static CommitDigest digest() {
    byte[] bytes = new byte[CommitDigest.BYTES];
    Arrays.fill(bytes, (byte) 0x44);
    return CommitDigest.of(bytes);
  }

  private static Attribution attribution(String author, String message) {
    return new Attribution(author, message, new Origin(DATABASE, Instant.ofEpochMilli(5)));
  }

  private static String identity() {
    return "0102030405060708090a0b0c0d0e0f10"
        + "1112131415161718191a1b1c1d1e1f20"
        + "07"
        + "04626f7831"
        + "0474637078"
        + "00";
  }

  /** Each message with the frame that every server of version 1 understands. */
  static Stream<Arguments> frames() {
    Identity self = new Identity(DATABASE, LIFE, 7, "box1", "tcpx", null);
    String head = "4d520100";
    String session = "0000000000000063";
    String attempt = "ffffffffffffffff";
    String anchor = "ac02" + "44".repeat(32);
    String films = "01" + "02" + "0566696c6d73" + "02612a";
    String first = "01" + "0000000000000021" + "0000000000000022";
    String second = "02" + "0000000000000031" + "0000000000000032";
    return Stream.of(
        Arguments.of(new Hello(-1, self, true), head + "01" + attempt + identity() + "01"),
        Arguments.of(new Welcome(-1, 99, self), head + "02" + attempt + session + identity()),
        Arguments.of(new Refused(-1, "no", "why"), head + "03" + attempt + "026e6f" + "03776879"),
        Arguments.of(
            new AskChanges(99, 1, 300, FILMS, 5, 128, ANCHOR),
            head + "04" + session + "01" + "ac02" + films + "05" + "8001" + anchor),
        Arguments.of(
            new TellChanges(
                99,
                2,
                new Replica.Changes(
                    List.of(
                        new OfferedDocument(
                            "films", "a", List.of(new Offered(SECOND, 9), new Offered(FIRST, 8)))),
                    300,
                    ANCHOR,
                    6),
                301),
            head
                + ("05" + session + "02" + "ad02" + "ac02" + anchor + "0000000000000006")
                + ("01" + "0566696c6d73" + "01" + "00" + "0161" + "02")
                + (second + "09" + first + "08")),
        Arguments.of(
            new AskRevisions(
                99, 3, List.of(new Wanted(9, SECOND, List.of(FIRST))), Selection.ALL, 1_000),
            head + "06" + session + "03" + "0000" + "e807" + "01" + "09" + second + "01" + first),
        Arguments.of(
            new TellRevisions(
                99,
                3,
                new Replica.Answer(
                    List.of(
                        new Sent(
                            9,
                            "films",
                            "a",
                            List.of(SECOND, FIRST),
                            true,
                            Body.EMPTY,
                            attribution("me", null))),
                    1)),
            head
                + ("07" + session + "03" + "01" + "01" + "0566696c6d73")
                + ("01" + "01" + "026d65" + "0102030405060708090a0b0c0d0e0f10")
                + ("0000000000000005" + "01" + "09" + "00" + "00" + "01" + "0161" + second)
                + ("01" + first.substring(2) + "02" + "7b7d")),
        Arguments.of(
            new Failed(99, 4, "no", "why"), head + "08" + session + "04" + "026e6f" + "03776879"),
        Arguments.of(new Ping(99), head + "09" + session),
        Arguments.of(new Pong(99, 7), head + "0a" + session + "07"),
        Arguments.of(new Bye(99, "why"), head + "0b" + session + "03776879"));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aMessageHasTheBytesOfTheFormat(Message message, String hex) {
    assertThat(HexFormat.of().formatHex(Frames.encode(message))).isEqualTo(hex);
    assertThat(Frames.decode(HexFormat.of().parseHex(hex))).isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aFrameThatEndsEarlyOrLateIsFoundOut(Message message, String hex) {
    byte[] frame = HexFormat.of().parseHex(hex);
    for (int length = 0; length < frame.length; length++) {
      byte[] cut = Arrays.copyOf(frame, length);
      assertThatThrownBy(() -> Frames.decode(cut)).isInstanceOf(CorruptionException.class);
    }
    byte[] longer = Arrays.copyOf(frame, frame.length + 1);
    assertThatThrownBy(() -> Frames.decode(longer)).isInstanceOf(CorruptionException.class);
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aLaterMinorVersionMayAddFields(Message message, String hex) {
    byte[] frame = HexFormat.of().parseHex(hex + "01020304");
    frame[3] = 1;
    assertThat(Frames.decode(frame)).isEqualTo(message);
  }

  @Test
  void aMessageOfALaterMinorVersionIsIgnored() {
    assertThat(Frames.decode(HexFormat.of().parseHex("4d5201016301"))).isNull();
    assertThatThrownBy(() -> Frames.decode(HexFormat.of().parseHex("4d5201006301")))
        .isInstanceOf(CorruptionException.class);
  }

  @Test
  void anotherMajorVersionIsToldApart() {
    assertThatThrownBy(() -> Frames.decode(HexFormat.of().parseHex("4d5202000900")))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("version 2");
  }

  @Test
  void anyBytesAreAMessageOrFoundOut() {
    long seed = Long.getLong("millrace.test.seed", System.nanoTime());
    Random random = new Random(seed);
    List<byte[]> frames =
        frames().map(each -> HexFormat.of().parseHex((String) each.get()[1])).toList();
    for (int i = 0; i < 200_000; i++) {
      byte[] frame = frames.get(random.nextInt(frames.size())).clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        frame[4 + random.nextInt(frame.length - 4)] = (byte) random.nextInt();
      }
      try {
        Message message = Frames.decode(frame);
        assertThat(message).as("seed %d", seed).isNotNull();
        assertThat(Frames.decode(Frames.encode(message))).as("seed %d", seed).isEqualTo(message);
      } catch (CorruptionException expected) {
        // Found out.
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(frame), e);
      }
    }
  }
}
