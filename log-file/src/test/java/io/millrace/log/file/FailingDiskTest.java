package io.millrace.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.api.log.Log;
import io.millrace.log.file.MemoryDisk.Unforced;
import io.millrace.tck.NothingLeftBehind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every single step that changes the disk fails once, in every way. */
@ExtendWith(NothingLeftBehind.class)
final class FailingDiskTest {
  private static final int BATCHES = 12;
  private static final LogOptions OS = with(SyncPolicy.OS, 0);
  private static final LogOptions INTERVAL = with(SyncPolicy.every(Duration.ofMillis(1)), 0);

  private static LogOptions with(SyncPolicy sync, int preallocateBytes) {
    LogOptions small = TestLogs.SMALL;
    return new LogOptions(
        sync, small.segmentBytes(), small.queueBytes(), small.maxRecordBytes(), preallocateBytes);
  }

  /** How the appends of one life of a log ended. */
  private static final class Outcome {
    final List<List<String>> answered = new ArrayList<>();
    final List<String> unknown = new ArrayList<>();
    final List<String> codes = new ArrayList<>();
  }

  private static List<String> texts(int batch) {
    return List.of("first " + batch, "second " + "x".repeat(40 * (batch % 4)), "third " + batch);
  }

  /** Appends until the log refuses, then makes sure that it keeps refusing. */
  private static Outcome appendAll(LogOptions options, Disk disk) {
    Outcome outcome = new Outcome();
    Log log;
    try {
      log = TestLogs.open(options, disk);
    } catch (UnavailableException e) {
      outcome.codes.add(e.code());
      return outcome;
    }
    for (int i = 0; i < BATCHES; i++) {
      append(log, texts(i), outcome);
      assertThat(log.since().value()).isEqualTo(3L * outcome.answered.size());
    }
    assertThat(TestLogs.readAll(log))
        .isEqualTo(outcome.answered.stream().flatMap(List::stream).toList());
    TestLogs.abandon(log);
    return outcome;
  }

  private static void append(Log log, List<String> texts, Outcome outcome) {
    try {
      TestLogs.append(log, texts.toArray(new String[0]));
      assertThat(outcome.codes).as("no append succeeds after one failed").isEmpty();
      outcome.answered.add(texts);
    } catch (CompletionException e) {
      if (e.getCause() instanceof UnknownOutcomeException) {
        assertThat(outcome.codes).as("only the first failure is uncertain").isEmpty();
        outcome.unknown.addAll(texts);
      } else {
        assertThat(e.getCause()).isInstanceOf(UnavailableException.class);
      }
      outcome.codes.add(((MillraceException) e.getCause()).code());
    }
  }

  private static void assertSurvives(Outcome outcome, List<String> found) {
    List<String> certain = outcome.answered.stream().flatMap(List::stream).toList();
    List<String> most = new ArrayList<>(certain);
    most.addAll(outcome.unknown);
    assertThat(found).isIn(certain, most);
  }

  private static int stepsWithoutFault(LogOptions options) {
    FaultyDisk disk = new FaultyDisk(new MemoryDisk());
    assertThat(appendAll(options, disk).answered).hasSize(BATCHES);
    return disk.steps().size();
  }

  @ParameterizedTest
  @EnumSource(FaultyDisk.Fault.class)
  void failureOfAnyStepLosesNothingThatWasAnswered(FaultyDisk.Fault fault) {
    int steps = stepsWithoutFault(TestLogs.SMALL);
    assertThat(steps).isGreaterThan(40);
    for (int n = 0; n < steps; n++) {
      for (Unforced unforced : Unforced.values()) {
        MemoryDisk memory = new MemoryDisk();
        FaultyDisk disk = new FaultyDisk(memory).failFrom(n, fault);
        Outcome outcome = appendAll(TestLogs.SMALL, disk);
        memory.crash(unforced, new Random(n));
        assertReopensWith(outcome, memory);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(FaultyDisk.Fault.class)
  void failureOfAnyStepWithoutForcingLosesNothingThatWasAnswered(FaultyDisk.Fault fault) {
    int steps = stepsWithoutFault(OS);
    for (int n = 0; n < steps; n++) {
      MemoryDisk memory = new MemoryDisk();
      Outcome outcome = appendAll(OS, new FaultyDisk(memory).failFrom(n, fault));
      memory.crash(Unforced.KEPT, new Random(n));
      assertReopensWith(outcome, memory);
    }
  }

  private static void assertReopensWith(Outcome outcome, MemoryDisk memory) {
    try (Log log = TestLogs.open(memory)) {
      List<String> found = TestLogs.readAll(log);
      assertSurvives(outcome, found);
      TestLogs.append(log, "again");
      assertThat(TestLogs.text(log.read(found.size() + 1L))).isEqualTo("again");
    }
    assertThat(memory.openFiles()).isZero();
  }

  @Test
  void powerLossAfterEveryAppendLosesNothingThatWasAnswered() {
    assertThat(recordsLostByPower(false)).isZero();
  }

  /** The test above notices a log that does not force. */
  @Test
  void forgottenForceIsNoticed() {
    assertThat(recordsLostByPower(true)).isPositive();
  }

  private static int recordsLostByPower(boolean forgetful) {
    MemoryDisk memory = new MemoryDisk();
    TestLogs.open(memory).close();
    int lost = 0;
    for (int i = 0; i < BATCHES; i++) {
      FaultyDisk disk = new FaultyDisk(memory);
      Log log = TestLogs.open(forgetful ? disk.forgettingToForce() : disk);
      long last = TestLogs.append(log, texts(i).toArray(new String[0]));
      memory.crash(Unforced.LOST, new Random(i));
      TestLogs.abandon(log);
      try (Log again = TestLogs.open(memory)) {
        lost += (int) (last - again.since().value());
      }
    }
    return lost;
  }

  @Test
  void withoutForcingAPowerLossLeavesAPrefixOfWholeBatches() {
    for (int seed = 0; seed < 200; seed++) {
      MemoryDisk memory = new MemoryDisk();
      Log log = TestLogs.open(OS, memory);
      List<String> all = new ArrayList<>();
      for (int i = 0; i < 1 + seed % 9; i++) {
        all.addAll(texts(i));
        TestLogs.append(log, texts(i).toArray(new String[0]));
      }
      memory.crash(Unforced.TORN, new Random(seed));
      TestLogs.abandon(log);
      try (Log again = TestLogs.open(OS, memory)) {
        List<String> found = TestLogs.readAll(again);
        assertThat(found.size() % 3).as("seed %d", seed).isZero();
        assertThat(found).as("seed %d", seed).isEqualTo(all.subList(0, found.size()));
      }
    }
  }

  @Test
  void fullDiskIsToldApart() {
    FaultyDisk disk = new FaultyDisk(new MemoryDisk());
    Log log = TestLogs.open(OS, disk);
    TestLogs.append(log, "fits");
    disk.failFrom(disk.steps().size(), FaultyDisk.Fault.DISK_FULL);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> TestLogs.append(log, "does not fit"))
          .cause()
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.code()).isEqualTo("log-full"));
    }
    assertThat(TestLogs.readAll(log)).containsExactly("fits");
    TestLogs.abandon(log);
  }

  @Test
  void fullDiskShowsBeforeAnythingIsWrittenWhenSpaceIsAllocatedAhead() {
    MemoryDisk memory = new MemoryDisk();
    FaultyDisk disk = new FaultyDisk(memory);
    Log log = TestLogs.open(disk);
    disk.failFrom(disk.steps().size(), FaultyDisk.Fault.DISK_FULL);
    assertThatThrownBy(() -> TestLogs.append(log, "does not fit"))
        .cause()
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.code()).isEqualTo("log-full"));
    TestLogs.abandon(log);
    try (Log again = TestLogs.open(memory)) {
      assertThat(again.since().value()).isZero();
      assertThat(TestLogs.append(again, "fits")).isEqualTo(1);
    }
  }

  @Test
  void failedForceInTheBackgroundTakesTheLogOffline() {
    FaultyDisk disk = new FaultyDisk(new MemoryDisk());
    Log log = TestLogs.open(INTERVAL, disk);
    disk.failFrom(disk.steps().size() + 1, FaultyDisk.Fault.NOTHING_DONE);
    assertThat(TestLogs.append(log, "written, answered, never forced")).isEqualTo(1);
    MillraceException refusal = null;
    while (refusal == null) {
      try {
        TestLogs.append(log, "more");
      } catch (CompletionException e) {
        refusal = (MillraceException) e.getCause();
      }
    }
    assertThat(refusal.code()).isIn("log-failed", "append-unknown");
    assertThatThrownBy(() -> TestLogs.append(log, "and more"))
        .cause()
        .isInstanceOf(UnavailableException.class);
    assertThat(TestLogs.text(log.read(1))).isEqualTo("written, answered, never forced");
    assertThatThrownBy(log::close).isInstanceOf(UnknownOutcomeException.class);
  }

  @Test
  void intervalForcesWithoutAnybodyAsking() {
    MemoryDisk memory = new MemoryDisk();
    FaultyDisk disk = new FaultyDisk(memory);
    Log log = TestLogs.open(INTERVAL, disk);
    int before = forces(disk);
    TestLogs.append(log, "a");
    while (forces(disk) == before) {
      Thread.onSpinWait();
    }
    memory.crash(Unforced.LOST, new Random(1));
    TestLogs.abandon(log);
    try (Log again = TestLogs.open(memory)) {
      assertThat(TestLogs.readAll(again)).containsExactly("a");
    }
  }

  @Test
  void nothingIsForcedOnAppendWhenTheOperatingSystemDecides() {
    FaultyDisk disk = new FaultyDisk(new MemoryDisk());
    Log log = TestLogs.open(OS, disk);
    int before = forces(disk);
    TestLogs.append(log, "a");
    TestLogs.append(log, "b");
    assertThat(forces(disk)).isEqualTo(before);
    log.close();
    assertThat(forces(disk)).isGreaterThan(before);
  }

  private static int forces(FaultyDisk disk) {
    return (int) disk.steps().stream().filter(step -> step == FaultyDisk.Step.FORCE).count();
  }
}
