package io.millrace.engine.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WritePressureTest {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private long now = TimeUnit.SECONDS.toNanos(7);
  private long sequence = 1;
  private final WritePressure pressure = new WritePressure(() -> now);

  /** Writes for half a second. */
  private void write(int changesInASecond, int views) {
    for (int milliseconds = 0; milliseconds < 500; milliseconds += 10) {
      now += TimeUnit.MILLISECONDS.toNanos(10);
      sequence += changesInASecond / 100;
      pressure.written(sequence, views);
    }
  }

  @Test
  void viewsStandFarBackForManyWrites() {
    assertThat(pressure.isHigh()).isFalse();
    write(5_000, 1);
    assertThat(pressure.isHigh()).isTrue();
    assertThat(pressure.pause()).isEqualTo(9);
  }

  @Test
  void viewsGoOnBesideSomeWrites() {
    write(2_000, 5);
    assertThat(pressure.isHigh()).isFalse();
  }

  @Test
  void manyViewsStandBackEvenForSomeWrites() {
    write(1_000, 50 * PROCESSORS);
    assertThat(pressure.isHigh()).isTrue();
    assertThat(pressure.pause()).isEqualTo(1);
  }

  @Test
  void viewsGoOnWhenTheWritesHaveEnded() {
    write(50_000, 50);
    now += TimeUnit.MILLISECONDS.toNanos(201);
    assertThat(pressure.isHigh()).isFalse();
    pressure.written(sequence + 1, 50);
    assertThat(pressure.isHigh()).isFalse();
  }
}
