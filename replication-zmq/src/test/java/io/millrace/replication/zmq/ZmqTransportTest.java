package io.millrace.replication.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.replication.Transport;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.TransportProvider.KeyPair;
import io.millrace.tck.NothingLeftBehind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a transport is set up. */
@ExtendWith(NothingLeftBehind.class)
final class ZmqTransportTest {
  private final TestTransports transports = new TestTransports();

  @AfterEach
  void close() {
    transports.close();
  }

  @Test
  void publicKeyFollowsFromTheSecretOne() {
    KeyPair pair = transports.newKeys();
    assertThat(pair.publicKey()).hasSize(40);
    assertThat(pair.secretKey()).hasSize(40).isNotEqualTo(pair.publicKey());
    assertThat(Keys.ofSecret(Keys.parse(pair.secretKey())).asTexts()).isEqualTo(pair);
    // The example of ZeroMQ's own documentation.
    assertThat(
            Keys.ofSecret(Keys.parse("JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"))
                .asTexts()
                .publicKey())
        .isEqualTo("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7");
  }

  @Test
  void takenAddressIsRefused() {
    Transport first = transports.open();
    try {
      assertThatThrownBy(() -> transports.openAt(Objects.requireNonNull(first.address())))
          .isInstanceOf(UnavailableException.class)
          .hasFieldOrPropertyWithValue("code", "address-in-use");
    } finally {
      first.close();
    }
  }

  @Test
  void transportThatDoesNotListenHasNoAddress() {
    for (String off : List.of("off", "-1")) {
      Transport transport = transports.open(Map.of("port", off));
      assertThat(transport.address()).isNull();
      transport.listen(
          link -> {
            throw new IllegalStateException("nobody can connect");
          });
      transport.close();
    }
  }

  @Test
  void othersAreNotListenedToWithoutKeysUnlessThatIsSetAndWarnedOf() {
    assertThatThrownBy(() -> transports.open(Map.of("host", "0.0.0.0")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("insecure");
    List<String> warnings = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord logged) {
            warnings.add(logged.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(ZmqTransport.class.getName());
    logger.addHandler(handler);
    try {
      for (int start = 1; start <= 2; start++) {
        transports.open(Map.of("host", "0.0.0.0", "insecure", "true")).close();
        assertThat(warnings).hasSize(start).last().asString().contains("without a key");
      }
      transports.open(Map.of("insecure", "true")).close();
      assertThat(warnings).hasSize(2);
    } finally {
      logger.removeHandler(handler);
    }
  }

  @Test
  void othersMayBeListenedToWithKeys() {
    String file = transports.file(transports.newKeys().secretKey()).toString();
    assertThatCode(
            () -> transports.open(Map.of("host", "0.0.0.0", "secret-key-file", file)).close())
        .doesNotThrowAnyException();
  }

  @Test
  void keysThatAreNoneAreRefusedWithoutBeingRepeated() {
    String file = transports.file("surely no key").toString();
    assertThatThrownBy(() -> transports.open(Map.of("secret-key-file", file)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageNotContaining("surely");
    assertThatThrownBy(() -> transports.open(Map.of("allowed-keys-file", file)))
        .isInstanceOf(InvalidSettingException.class);
    assertThatThrownBy(() -> transports.open(Map.of("allowed-keys", "nonsense")))
        .isInstanceOf(InvalidSettingException.class);
    assertThatThrownBy(
            () -> transports.open(Map.of("allowed-keys", transports.newKeys().publicKey())))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("secret-key-file");
  }

  @Test
  void serverWithAKeySpeaksInTheClearWithItsOwnMachineOnly() {
    Transport transport = transports.openWithKeys(transports.newKeys(), java.util.Set.of());
    try {
      transport.require("tcp://127.0.0.1:1445", null);
      transport.require("tcp://[::1]:1445", null);
      assertThatThrownBy(() -> transport.require("tcp://box2:1445", null))
          .isInstanceOf(InvalidRequestException.class)
          .hasFieldOrPropertyWithValue("code", "invalid-key");
      transport.require("tcp://box2:1445", transports.newKeys().publicKey());
    } finally {
      transport.close();
    }
  }

  @Test
  void addressesAreChecked() {
    Transport transport = transports.open();
    try {
      for (String wrong :
          List.of(
              "",
              "box2:1445",
              "tcp://box2",
              "tcp://box2:0",
              "tcp://box2:65536",
              "tcp://a b:1",
              "udp://box2:1445",
              "ipc:///tmp/x")) {
        assertThatThrownBy(() -> transport.require(wrong, null))
            .as(wrong)
            .isInstanceOf(InvalidRequestException.class)
            .hasFieldOrPropertyWithValue("code", "invalid-address");
      }
    } finally {
      transport.close();
    }
  }
}
