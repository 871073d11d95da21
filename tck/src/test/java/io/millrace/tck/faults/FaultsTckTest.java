package io.millrace.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** The kit passes a store and a log that are right, and fails every one that is wrong. */
@EnabledOnOs(OS.LINUX)
final class FaultsTckTest {
  private static final String FLAW = "millrace.test.flaw";
  private static final int MOST_RUNS = 10;

  private static final String KILLED = "whatWasAcknowledgedSurvivesAndNothingIsHalfThere";
  private static final String DAMAGED_CLOSED = "damageAfterAnOrderlyEndIsReportedOrHarmless";
  private static final String DAMAGED_KILLED = "damageAfterAKillIsReportedOrHarmless";
  private static final String FULL_DISK = "fullDiskRefusesWritesAndLosesNothing";
  private static final String READ_ONLY = "readOnlyFolderIsReadOrRefused";
  private static final String FEW_HANDLES = "tooFewFileHandlesLoseNothing";
  private static final String SECOND_PROCESS = "secondProcessIsRefusedAndDisturbsNobody";

  /** The kit as a module uses it; not found by itself, since its name does not end in Test. */
  static final class WithStore extends StoreFaultsTck {
    @RegisterExtension final FlawOfTheRun flaw = new FlawOfTheRun();

    @Override
    protected String provider() {
      return OneFileStoreProvider.NAME;
    }

    @Override
    protected Map<String, String> settings() {
      return Map.of("flaw", flaw.text);
    }

    @Override
    protected int mebibytesUntilFull() {
      return 1;
    }
  }

  /** The same for logs. */
  static final class WithLog extends LogFaultsTck {
    @RegisterExtension final FlawOfTheRun flaw = new FlawOfTheRun();

    @Override
    protected String provider() {
      return OneFileLogProvider.NAME;
    }

    @Override
    protected Map<String, String> settings() {
      return Map.of("flaw", flaw.text);
    }

    @Override
    protected int mebibytesUntilFull() {
      return 1;
    }
  }

  /** Learns from the configuration of the run what is wrong. */
  static final class FlawOfTheRun implements BeforeEachCallback {
    private String text = Flaw.NONE.text();

    @Override
    public void beforeEach(ExtensionContext context) {
      text = context.getConfigurationParameter(FLAW).orElseThrow();
    }
  }

  private static Events run(Flaw flaw, DiscoverySelector selector) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selector)
        .configurationParameter(FLAW, flaw.text())
        .execute()
        .testEvents();
  }

  private static DiscoverySelector test(Class<?> candidate, String name) {
    Class<?> group =
        Stream.of(FaultsTck.HardKills.class, FaultsTck.Damages.class, FaultsTck.Wants.class)
            .filter(each -> declares(each.getSuperclass(), name))
            .findAny()
            .orElseThrow();
    return selectNestedMethod(List.of(candidate), group, name);
  }

  private static boolean declares(Class<?> group, String name) {
    return Stream.of(group.getDeclaredMethods()).map(Method::getName).anyMatch(name::equals);
  }

  @ParameterizedTest
  @ValueSource(classes = {WithStore.class, WithLog.class})
  void rightOnesPass(Class<?> candidate) {
    Events events = run(Flaw.NONE, selectClass(candidate));
    assertThat(events.failed().list()).isEmpty();
    assertThat(events.started().count()).isEqualTo(7);
  }

  static Stream<Arguments> wrongOnes() {
    return Stream.of(
        store(Flaw.FORGETS_TO_FORCE, KILLED),
        log(Flaw.ANSWERS_BEFORE_IT_WRITES, KILLED),
        log(Flaw.WRITES_A_BATCH_IN_TWO_PARTS, KILLED),
        store(Flaw.LOSES_WHAT_WAS_NOT_FORCED_WHEN_CLOSED, KILLED),
        store(Flaw.DOES_NOT_COMPARE_CHECKSUMS, DAMAGED_CLOSED),
        store(Flaw.SKIPS_DAMAGED_RECORDS, DAMAGED_CLOSED),
        log(Flaw.SKIPS_DAMAGED_RECORDS, DAMAGED_KILLED),
        store(Flaw.TAKES_DAMAGE_FOR_THE_END, DAMAGED_KILLED),
        log(Flaw.TAKES_DAMAGE_FOR_THE_END, DAMAGED_CLOSED),
        store(Flaw.REPORTS_DAMAGE_AS_SOMETHING_ELSE, DAMAGED_CLOSED),
        log(Flaw.SWALLOWS_A_FULL_DISK, FULL_DISK),
        store(Flaw.GOES_ON_BEHIND_A_FAILED_WRITE, FULL_DISK),
        log(Flaw.GOES_ON_BEHIND_A_FAILED_WRITE, FULL_DISK),
        store(Flaw.TAKES_WHAT_CANNOT_BE_OPENED_FOR_EMPTY, READ_ONLY),
        store(Flaw.TAKES_WHAT_CANNOT_BE_OPENED_FOR_EMPTY, FEW_HANDLES),
        store(Flaw.KEEPS_A_FILE_OPEN, DAMAGED_CLOSED),
        store(Flaw.TAKES_NO_LOCK, SECOND_PROCESS),
        store(Flaw.LOSES_ITS_LOCK_WHEN_ASKED_AGAIN, SECOND_PROCESS));
  }

  private static Arguments store(Flaw flaw, String test) {
    return Arguments.of(flaw, WithStore.class, test);
  }

  private static Arguments log(Flaw flaw, String test) {
    return Arguments.of(flaw, WithLog.class, test);
  }

  @ParameterizedTest
  @MethodSource("wrongOnes")
  void wrongOneFails(Flaw flaw, Class<?> candidate, String test) {
    // Damage strikes at random, so a run may miss a flaw; not many in a row.
    Events events = run(flaw, test(candidate, test));
    for (int i = 1; i < MOST_RUNS && events.failed().count() == 0; i++) {
      assumeThat(events.aborted().count()).as("the test can run here").isZero();
      assertThat(events.started().count()).isEqualTo(1);
      events = run(flaw, test(candidate, test));
    }
    assertThat(events.failed().count()).isEqualTo(1);
  }

  @Test
  void everyFlawIsTried() {
    assertThat(wrongOnes().map(wrong -> wrong.get()[0]).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Flaw.values()).filter(flaw -> flaw != Flaw.NONE).toList());
  }

  @Test
  void everyTestFindsAFlaw() {
    List<String> tests =
        Stream.of(HardKillTests.class, DamageTests.class, WantTests.class)
            .flatMap(group -> Stream.of(group.getDeclaredMethods()))
            .filter(method -> method.isAnnotationPresent(Test.class))
            .map(Method::getName)
            .toList();
    assertThat(wrongOnes().map(wrong -> wrong.get()[2]).distinct())
        .containsExactlyInAnyOrderElementsOf(tests);
  }
}
