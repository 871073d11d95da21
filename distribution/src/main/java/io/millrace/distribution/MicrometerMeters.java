package io.millrace.distribution;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.spi.Meters;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Publishes meters through Micrometer; every name begins with {@code millrace.} there.
 *
 * <p>Distributions and timers are histograms with fixed buckets, so that an operator can plot any
 * percentile, over several servers too.
 */
@Singleton
final class MicrometerMeters implements Meters {
  private static final String PREFIX = "millrace.";

  /** 1, 4, 16, … about a billion: from single records to bytes of large batches. */
  private static final double[] AMOUNTS =
      DoubleStream.iterate(1, bucket -> bucket * 4).limit(16).toArray();

  /** From a read out of memory to a stall: 50 µs to 30 s, about a factor of 2.5 each. */
  private static final Duration[] DURATIONS = {
    Duration.ofNanos(50_000),
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  private final MeterRegistry registry;

  MicrometerMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Counter counter(String name, String description) {
    io.micrometer.core.instrument.Counter counter =
        io.micrometer.core.instrument.Counter.builder(published(name))
            .description(description)
            .register(registry);
    return counter::increment;
  }

  @Override
  public Distribution distribution(String name, String unit, String description) {
    DistributionSummary summary =
        DistributionSummary.builder(published(name))
            .baseUnit(orNone(unit))
            .description(description)
            .serviceLevelObjectives(AMOUNTS)
            .register(registry);
    return summary::record;
  }

  @Override
  public Distribution timer(String name, String description) {
    Timer timer =
        Timer.builder(published(name))
            .description(description)
            .serviceLevelObjectives(DURATIONS)
            .register(registry);
    return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void gauge(String name, String unit, String description, DoubleSupplier value) {
    Gauge.builder(published(name), value::getAsDouble)
        .baseUnit(orNone(unit))
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private static String published(String name) {
    return name.startsWith(PREFIX) ? name : PREFIX + name;
  }

  private static @Nullable String orNone(String unit) {
    return unit.isEmpty() ? null : unit;
  }
}
