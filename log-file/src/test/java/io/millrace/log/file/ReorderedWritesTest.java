package io.millrace.log.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Log;
import io.millrace.log.file.MemoryDisk.Unforced;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import io.millrace.tck.Thoroughness;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power fails at any step, and of what was not forced the disk has kept some, in any order.
 *
 * <p>With {@code sync=always} everything answered is there, and the log opens. Without, what is
 * there is a number of whole batches from the first on, or it is reported that it is not.
 */
@ExtendWith(NothingLeftBehind.class)
final class ReorderedWritesTest {
  private static final int BATCHES = 24;

  private static LogOptions with(SyncPolicy sync) {
    LogOptions small = TestLogs.SMALL;
    return new LogOptions(
        sync,
        small.segmentBytes(),
        small.queueBytes(),
        small.maxRecordBytes(),
        sync.forcesEachGroup() ? small.preallocateBytes() : 0);
  }

  /** One to three records, some longer than a sector. */
  private static String[] batch(int number) {
    String[] texts = new String[1 + number % 3];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = number + "." + i + " " + "x".repeat(number * 97 % 400 * (1 + i));
    }
    return texts;
  }

  /** The records of the first so many batches. */
  private static List<String> records(int batches) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      all.addAll(List.of(batch(i)));
    }
    return all;
  }

  /**
   * Appends batches, some together, until the disk fails or all are there.
   *
   * @return how many were answered
   */
  private static int appendUntilFailure(LogOptions options, Disk disk, Random random) {
    Log log;
    try {
      log = TestLogs.open(options, disk);
    } catch (UnavailableException e) {
      return 0;
    }
    List<CompletableFuture<Long>> answers = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      answers.add(log.append(TestLogs.batch(batch(i))).toCompletableFuture());
      if (random.nextInt(3) == 0) {
        CompletableFuture<Long> last = answers.get(i);
        last.exceptionally(failure -> 0L).join();
      }
    }
    int answered = 0;
    for (CompletableFuture<Long> answer : answers) {
      answered += isAnswered(answer) ? 1 : 0;
    }
    TestLogs.abandon(log);
    return answered;
  }

  private static boolean isAnswered(CompletableFuture<Long> answer) {
    try {
      answer.join();
      return true;
    } catch (CompletionException e) {
      return false;
    }
  }

  /** Cuts the power at every step; returns how often damage was reported. */
  private static int cutPowerEverywhere(SyncPolicy sync, boolean forgetful, Seed seed) {
    int reported = 0;
    boolean failed = true;
    for (int step = 0; failed; step++) {
      Random random = new Random(seed.value() + step);
      MemoryDisk memory = new MemoryDisk();
      FaultyDisk.Fault fault = FaultyDisk.Fault.values()[random.nextInt(3)];
      FaultyDisk disk = new FaultyDisk(memory).failFrom(step, fault);
      if (forgetful) {
        disk.forgettingToForce();
      }
      int answered = appendUntilFailure(with(sync), disk, random);
      failed = disk.steps().size() > step;
      memory.crash(Unforced.REORDERED, random);
      String what = sync.mode() + ", power lost at step " + step + " with " + seed;
      try {
        int found = batchesIn(memory, what);
        if (sync.forcesEachGroup()) {
          assertThat(found).as("batches; %s", what).isGreaterThanOrEqualTo(answered);
        }
        assertThat(batchesIn(memory, what)).as("a second time; %s", what).isEqualTo(found);
      } catch (CorruptionException e) {
        if (sync.forcesEachGroup()) {
          throw new AssertionError("damage; " + what, e);
        }
        reported++;
      }
      assertThat(memory.openFiles()).isZero();
    }
    return reported;
  }

  private static int batchesIn(Disk disk, String what) {
    try (Log log = TestLogs.open(disk)) {
      List<String> found = TestLogs.readAll(log);
      int batches = 0;
      while (records(batches).size() < found.size()) {
        batches++;
      }
      assertThat(found).as(what).isEqualTo(records(batches));
      return batches;
    }
  }

  private static List<Seed> seeds() {
    List<Seed> seeds = new ArrayList<>();
    Random random = Seed.next().random();
    for (int i = 0; i < Thoroughness.times(3, 40); i++) {
      seeds.add(new Seed(random.nextLong()));
    }
    return seeds;
  }

  @Test
  void withForcingNothingAnsweredIsLost() {
    seeds().forEach(seed -> cutPowerEverywhere(SyncPolicy.ALWAYS, false, seed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"os", "1ms"})
  void withoutForcingWholeBatchesAreLeftOrDamageIsReported(String sync) {
    seeds().forEach(seed -> cutPowerEverywhere(SyncPolicy.parse(sync), false, seed));
  }

  /** The tests above notice a disk that does not force. */
  @Test
  void forgottenForceIsNoticed() {
    assertThat(
            seeds().stream()
                .filter(
                    seed -> {
                      try {
                        cutPowerEverywhere(SyncPolicy.ALWAYS, true, seed);
                        return false;
                      } catch (AssertionError e) {
                        return true;
                      }
                    }))
        .isNotEmpty();
  }
}
