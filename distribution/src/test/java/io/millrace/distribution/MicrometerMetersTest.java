package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // the registry that the platform brings
final class MicrometerMetersTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MicrometerMeters meters = new MicrometerMeters(registry);

  @Test
  void counterAddsUp() {
    meters.counter("log.appends", "Appended batches.").add(2);
    meters.counter("log.appends", "Appended batches.").add(3);
    assertThat(registry.scrape()).contains("millrace_log_appends_total 5.0");
  }

  @Test
  void nameThatBeginsWithMillraceStaysAsItIs() {
    meters.counter("millrace.writes", "Writes.").add(1);
    assertThat(registry.scrape()).contains("\nmillrace_writes_total 1.0");
  }

  @Test
  void distributionIsAHistogram() {
    meters.distribution("log.batch", "records", "Records of a batch.").record(5);
    assertThat(registry.scrape())
        .contains("millrace_log_batch_records_bucket{le=\"4.0\",} 0")
        .contains("millrace_log_batch_records_bucket{le=\"16.0\",} 1")
        .contains("millrace_log_batch_records_sum 5.0");
  }

  @Test
  void timerTakesNanosecondsAndShowsSeconds() {
    meters
        .timer("log.force.duration", "How long a force takes.")
        .record(TimeUnit.MILLISECONDS.toNanos(20));
    assertThat(registry.scrape())
        .contains("millrace_log_force_duration_seconds_bucket{le=\"0.01\",} 0")
        .contains("millrace_log_force_duration_seconds_bucket{le=\"0.025\",} 1")
        .contains("millrace_log_force_duration_seconds_sum 0.02");
  }

  @Test
  void gaugeIsReadWhenSomebodyLooks() {
    double[] value = {1};
    meters.gauge("view.lag", "sequences", "How far a view is behind.", () -> value[0]);
    value[0] = 7;
    meters.gauge("sequence", "", "The last sequence.", () -> 3);
    assertThat(registry.scrape())
        .contains("millrace_view_lag_sequences 7.0")
        .contains("millrace_sequence 3.0");
  }
}
