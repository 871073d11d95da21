package io.millrace.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tck.Seed;
import io.millrace.tck.Thoroughness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A process is killed again and again, and what it had acknowledged is there. */
abstract class HardKillTests extends FaultGroup {
  /** More than a child comes to. */
  private static final int LAST = 1_000_000;

  HardKillTests(FaultsTck kit) {
    super(kit);
  }

  @Test
  void whatWasAcknowledgedSurvivesAndNothingIsHalfThere() {
    Seed seed = Seed.next();
    Random random = seed.random();
    Path folder = work().resolve("killed");
    int survived = 0;
    int rounds = Thoroughness.times(3, 30);
    for (int round = 0; round < rounds; round++) {
      String what = "round " + round + " with " + seed;
      int acknowledged = writeAndKill(folder, survived + 1, round, random);
      if (!Files.exists(folder)) {
        continue; // it was killed before it had begun
      }
      // In a copy, so that the next child meets what the last one left.
      Path copy = work().resolve("copy-" + round);
      Image.of(folder).writeTo(copy);
      int most = Math.max(survived, acknowledged) + ChildTask.MOST_UNFORCED;
      survived = wholeAndSteady(copy, most);
      assertThat(survived).as("batches after %s", what).isGreaterThanOrEqualTo(acknowledged);
    }
    assertThat(wholeAndSteady(folder, survived)).isEqualTo(survived);
    assertThat(survived).as("batches in all").isPositive();
  }

  /** Returns up to which batch the child said that all is durable. */
  private int writeAndKill(Path folder, int first, int round, Random random) {
    boolean early = round % 5 == 4; // while it opens, perhaps
    boolean idle = round % 5 == 1; // when nothing later can make up for what is not written yet
    int last = idle ? first + random.nextInt(200) : LAST;
    int lines = random.nextInt(60);
    long nanos = TimeUnit.MICROSECONDS.toNanos(random.nextInt(3_000));
    try (Child child =
        child(List.of(), ChildTask.WRITE, folder, first, last, ChildTask.MOST_UNFORCED)) {
      int acknowledged = 0;
      if (early) {
        pause(TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(400)));
      } else {
        for (int i = 0; (i <= lines || idle) && acknowledged < last; i++) {
          acknowledged = acknowledged(child);
        }
        pause(nanos);
      }
      child.kill();
      String line = child.line();
      while (line != null) {
        acknowledged = Integer.parseInt(line);
        line = child.line();
      }
      return acknowledged;
    }
  }

  private static int acknowledged(Child child) {
    String line = child.line();
    assertThat(line).as("the child went on: %s", child.errors()).isNotNull();
    return Integer.parseInt(line);
  }

  private static void pause(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }
}
