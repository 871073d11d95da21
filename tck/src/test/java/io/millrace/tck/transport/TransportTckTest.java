package io.millrace.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import io.millrace.api.replication.Transport;
import io.millrace.tck.Patience;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** The kit passes a transport that is right, and fails every one that is wrong. */
final class TransportTckTest {
  private static final String FLAW = "millrace.test.flaw";

  @BeforeAll
  static void beImpatient() {
    System.setProperty(Patience.PROPERTY, "300");
  }

  @AfterAll
  static void bePatientAgain() {
    System.clearProperty(Patience.PROPERTY);
  }

  /** The kit as a module uses it; not found by itself, since its name does not end in Test. */
  static final class Candidate extends TransportTck {
    @RegisterExtension final FlawOfTheRun flaw = new FlawOfTheRun();

    @Override
    protected TransportFixture createFixture() {
      return new Fixture(flaw.flaw);
    }
  }

  /** Learns from the configuration of the run which flaw its transports have. */
  static final class FlawOfTheRun implements BeforeEachCallback {
    private Flaw flaw = Flaw.NONE;

    @Override
    public void beforeEach(ExtensionContext context) {
      flaw = Flaw.valueOf(context.getConfigurationParameter(FLAW).orElseThrow());
    }
  }

  private static final class Fixture implements TransportFixture {
    private static final int MAX_FRAME_BYTES = 200_000;
    private static final long WINDOW_BYTES = 1 << 20;

    private final Flaw flaw;
    private final ExecutorService executor =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "millrace-memory"));
    private final MemoryTransports network =
        new MemoryTransports(this::run, MAX_FRAME_BYTES, WINDOW_BYTES);

    Fixture(Flaw flaw) {
      this.flaw = flaw;
    }

    private void run(Runnable task) {
      if (!executor.isShutdown()) {
        executor.execute(task);
      }
    }

    @Override
    public Transport open() {
      return new FlawedTransport(network.open(), flaw);
    }

    @Override
    public Transport openAt(String address) {
      return new FlawedTransport(network.openAt(address), flaw);
    }

    @Override
    public long mostBytesUnderWay() {
      return 2 * WINDOW_BYTES;
    }

    @Override
    public void close() {
      executor.shutdownNow();
    }
  }

  private static Events run(Flaw flaw, DiscoverySelector selector) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selector)
        .configurationParameter(FLAW, flaw.name())
        .execute()
        .testEvents();
  }

  private static DiscoverySelector test(String name) {
    Class<?> group =
        Stream.of(TransportTck.class.getDeclaredClasses())
            .filter(each -> declares(each.getSuperclass(), name))
            .findAny()
            .orElseThrow();
    return selectNestedMethod(List.of(Candidate.class), group, name);
  }

  private static boolean declares(Class<?> group, String name) {
    return Stream.of(group.getDeclaredMethods()).map(Method::getName).anyMatch(name::equals);
  }

  private static List<String> failed(Events events) {
    return events
        .failed()
        .map(event -> event.getTestDescriptor().getDisplayName().replace("()", ""))
        .toList();
  }

  @Test
  void rightTransportPasses() {
    Events events = run(Flaw.NONE, selectClass(Candidate.class));
    assertThat(failed(events)).isEmpty();
    assertThat(events.succeeded().count()).isGreaterThan(15);
    assertThat(events.skipped().count() + events.aborted().count()).isZero();
  }

  static Stream<Arguments> wrongTransports() {
    return Stream.of(
        Arguments.of(Flaw.LOSES_A_FRAME, "thousandsOfFramesArriveOnceEachWhenTheReaderKeepsUp"),
        Arguments.of(Flaw.DOUBLES_A_FRAME, "thousandsOfFramesArriveOnceEachWhenTheReaderKeepsUp"),
        Arguments.of(Flaw.CUTS_A_FRAME, "framesOfAllSizesArriveWholeBothWays"),
        Arguments.of(Flaw.DELIVERS_TO_ANOTHER_LINK, "eachLinkHasItsOwnFrames"),
        Arguments.of(
            Flaw.QUEUES_WITHOUT_BOUND, "readerThatStandsStillStopsTheSenderAndLosesNothing"),
        Arguments.of(
            Flaw.TAKES_FRAMES_FOR_NOBODY,
            "nothingIsTakenForNobodyAndEverythingOnceSomebodyListens"),
        Arguments.of(Flaw.TAKES_FRAMES_THAT_ARE_TOO_LONG, "frameThatIsTooLongIsRefused"),
        Arguments.of(Flaw.NEVER_COMES_BACK, "linkIsConnectedAgainWhenTheOtherSideComesBack"),
        Arguments.of(Flaw.TELLS_WHOEVER_CLOSES, "listenerHearsThatTheOtherSideHasEndedItsLink"),
        Arguments.of(Flaw.KEEPS_QUIET_ABOUT_THE_END, "listenerHearsThatTheOtherTransportWasClosed"),
        Arguments.of(
            Flaw.IS_DEAF_AFTER_A_FAILURE, "listenerThatThrowsHearsTheNextFrameAndSoDoOthers"),
        Arguments.of(Flaw.CONNECTS_TO_ANYTHING, "impossibleAddressIsRefused"),
        Arguments.of(Flaw.LEAVES_A_THREAD, "frameThatIsTooLongIsRefused"));
  }

  @ParameterizedTest
  @MethodSource("wrongTransports")
  void wrongTransportFails(Flaw flaw, String test) {
    assertThat(failed(run(flaw, test(test)))).containsExactly(test);
  }

  @Test
  void everyFlawIsTried() {
    assertThat(wrongTransports().map(wrong -> wrong.get()[0]))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Flaw.values()).filter(flaw -> flaw != Flaw.NONE).toList());
  }
}
