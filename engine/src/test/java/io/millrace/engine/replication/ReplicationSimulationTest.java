package io.millrace.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tck.Seed;
import io.millrace.tck.Thoroughness;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that write, while everything goes wrong, end up equal. */
@ExtendWith(QuietReplication.class)
class ReplicationSimulationTest {
  /** Chance may miss a flaw in one run, not in so many. */
  private static final int MOST_RUNS = 5_000;

  @Test
  void allEndEqualWhateverHappens() {
    Seed seed = Seed.next();
    Random random = seed.random();
    long next = seed.value();
    int runs = Thoroughness.times(1_000, 50_000);
    for (int i = 0; i < runs; i++) {
      SimulationTrace.assertGood(next);
      next = random.nextLong();
    }
  }

  @Test
  void theSameSeedIsTheSameRun() {
    Seed seed = Seed.next();
    assertThat(ReplicationSimulation.run(seed.value(), Flaw.NONE, ReplicationSimulation.SILENCE))
        .as("%s", seed)
        .isEqualTo(
            ReplicationSimulation.run(seed.value(), Flaw.NONE, ReplicationSimulation.SILENCE));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyFlawIsFound(Flaw flaw) {
    Seed seed = Seed.next();
    Random random = seed.random();
    String failure = null;
    for (int i = 0; i < MOST_RUNS && failure == null; i++) {
      failure = ReplicationSimulation.failure(random.nextLong(), flaw);
    }
    assertThat(failure).as("%s", seed).isNotNull();
  }
}
