package io.millrace.tck.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import io.millrace.api.log.Log;
import io.millrace.tck.Patience;
import java.lang.reflect.Method;
import java.util.List;
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

/** The kit passes a log that is right, and fails every one that is wrong. */
final class LogTckTest {
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
  static final class Candidate extends LogTck {
    @RegisterExtension final FlawOfTheRun flaw = new FlawOfTheRun();

    @Override
    protected LogFixture createFixture() {
      return new Fixture(flaw.flaw);
    }
  }

  /** Learns from the configuration of the run which flaw its log has. */
  static final class FlawOfTheRun implements BeforeEachCallback {
    private Flaw flaw = Flaw.NONE;

    @Override
    public void beforeEach(ExtensionContext context) {
      flaw = Flaw.valueOf(context.getConfigurationParameter(FLAW).orElseThrow());
    }
  }

  private static final class Fixture implements LogFixture {
    private final Flaw flaw;
    private final PlainLog.Medium medium = new PlainLog.Medium();

    Fixture(Flaw flaw) {
      this.flaw = flaw;
    }

    @Override
    public Log open() {
      return new PlainLog(medium, flaw);
    }

    @Override
    public boolean canRewrite() {
      return true;
    }

    @Override
    public void crash(Log log) {
      ((PlainLog) log).crash();
    }

    @Override
    public void damage(long sequence) {
      medium.damaged = sequence;
    }

    @Override
    public void close() {}
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
        Stream.of(LogTck.class.getDeclaredClasses())
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
  void rightLogPasses() {
    Events events = run(Flaw.NONE, selectClass(Candidate.class));
    assertThat(failed(events)).isEmpty();
    assertThat(events.succeeded().count()).isGreaterThan(35);
    assertThat(events.skipped().count() + events.aborted().count()).isZero();
  }

  static Stream<Arguments> wrongLogs() {
    return Stream.of(
        Arguments.of(Flaw.FORGETS_THE_LAST_RECORD_ON_CLOSING, "reopenedLogIsTheSame"),
        Arguments.of(Flaw.REORDERS_APPENDS, "appendsThatNobodyWaitsForKeepTheirOrder"),
        Arguments.of(Flaw.REUSES_A_SEQUENCE, "sequencesBeginWithOneAndHaveNoGaps"),
        Arguments.of(Flaw.TEARS_A_BATCH_IN_A_CRASH, "answeredBatchesSurvive"),
        Arguments.of(Flaw.FORGETS_TO_FORCE, "answeredBatchesSurvive"),
        Arguments.of(
            Flaw.MOVES_SINCE_TOO_EARLY, "sinceNeverGoesBackAndNeverRunsAheadOfWhatCanBeRead"),
        Arguments.of(Flaw.ANSWERS_TOO_EARLY, "batchIsReadableWhenItsStageCompletes"),
        Arguments.of(Flaw.SKIPS_A_LIVE_RECORD, "oldAndNewRecordsAreSeenOnceAndInOrder"),
        Arguments.of(Flaw.REPEATS_A_LIVE_RECORD, "oldAndNewRecordsAreSeenOnceAndInOrder"),
        Arguments.of(
            Flaw.NEVER_ENDS_LIVE_CURSORS, "closingOfTheCursorFromAnotherThreadEndsTheWalk"),
        Arguments.of(Flaw.SHARES_ITS_ARRAYS, "arrayThatWasReadBelongsToTheReader"),
        Arguments.of(Flaw.IGNORES_THE_LIMIT, "everyRangeGivesWhatAListWouldGive"),
        Arguments.of(Flaw.TAKES_EMPTY_BATCHES, "emptyBatchIsRefusedAndTakesNoSequence"),
        Arguments.of(Flaw.READS_AFTER_CLOSE, "everythingElseAfterCloseIsRefused"),
        Arguments.of(Flaw.CHANGES_ITS_INCARNATION, "reopenedLogIsTheSame"),
        Arguments.of(Flaw.SERVES_DAMAGED_RECORDS, "damagedRecordIsNotServed"),
        Arguments.of(Flaw.FORGETS_REWRITINGS, "recordsAreReplacedAndNothingElseChanges"),
        Arguments.of(Flaw.REWRITES_TOO_MUCH, "nothingBehindTheBoundChanges"),
        Arguments.of(Flaw.LEAVES_A_THREAD, "newLogIsEmpty"));
  }

  @ParameterizedTest
  @MethodSource("wrongLogs")
  void wrongLogFails(Flaw flaw, String test) {
    assertThat(failed(run(flaw, test(test)))).containsExactly(test);
  }

  @Test
  void everyFlawIsTried() {
    assertThat(wrongLogs().map(wrong -> wrong.get()[0]))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Flaw.values()).filter(flaw -> flaw != Flaw.NONE).toList());
  }
}
