package io.millrace.tck.transport;

import io.millrace.api.replication.Transport;
import io.millrace.tck.NothingLeftBehind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The contract tests of a transport. A module's test extends this and supplies a fixture. A
 * transport may lose frames, double them and change their order when connections break; while they
 * stand and the reader keeps up it is held to deliver each of them once.
 *
 * <p>The system property {@code millrace.test.patience} says how many milliseconds to wait for what
 * should come at once.
 */
@ExtendWith(NothingLeftBehind.class)
public abstract class TransportTck {
  private final List<Transport> opened = new ArrayList<>();
  private @Nullable TransportFixture fixture;

  /** A new place for transports. */
  protected abstract TransportFixture createFixture();

  @BeforeEach
  final void makeFixture() {
    fixture = createFixture();
  }

  @AfterEach
  final void closeEverything() {
    try {
      opened.forEach(Transport::close);
    } finally {
      if (fixture != null) {
        fixture.close();
      }
    }
  }

  final TransportFixture fixture() {
    return Objects.requireNonNull(fixture);
  }

  /** Has {@code transport} closed after the test. */
  final Transport closedLater(Transport transport) {
    opened.add(transport);
    return transport;
  }

  /** Frames arrive whole, where they should. */
  @Nested
  final class Delivery extends DeliveryTests {
    Delivery() {
      super(TransportTck.this);
    }
  }

  /** Links find the other side again, and end. */
  @Nested
  final class Reaching extends ReachingTests {
    Reaching() {
      super(TransportTck.this);
    }
  }

  /** Nobody makes anybody's memory grow. */
  @Nested
  final class Flow extends FlowTests {
    Flow() {
      super(TransportTck.this);
    }
  }

  /** Only those get in who may. */
  @Nested
  final class Privacy extends PrivacyTests {
    Privacy() {
      super(TransportTck.this);
    }
  }
}
