package io.millrace.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Work that goes on in the background.
 *
 * @param name what is worked on, for example {@code view films/by-genre}
 * @param kind the kind of work, for example {@code view-build}
 * @param done how much is done
 * @param total how much there is to do, as far as known; at least {@code done}
 * @param unit what is counted, for example {@code documents}
 * @param started when it began
 * @param elapsed how long it has been going on
 * @param earlier how much of {@code done} was there when it began, because it goes on with what was
 *     done before
 */
public record Task(
    String name,
    String kind,
    long done,
    long total,
    String unit,
    Instant started,
    Duration elapsed,
    long earlier) {
  /** What would take longer than a century says nothing. */
  private static final double MOST_SECONDS = 3.2e9;

  /** Work that began with nothing. */
  public Task(
      String name,
      String kind,
      long done,
      long total,
      String unit,
      Instant started,
      Duration elapsed) {
    this(name, kind, done, total, unit, started, elapsed, 0);
  }

  /** How much was done in a second, on average. */
  public double rate() {
    double seconds = elapsed.toNanos() / 1e9;
    return seconds <= 0 ? 0 : (done - earlier) / seconds;
  }

  /**
   * How long the rest will take at the same rate; empty while nothing is known of the rate, or of
   * the rest.
   */
  public Optional<Duration> remaining() {
    double rate = rate();
    if (rate <= 0 || total <= done) {
      return Optional.empty();
    }
    double seconds = (total - done) / rate;
    return seconds > MOST_SECONDS
        ? Optional.empty()
        : Optional.of(Duration.ofMillis((long) (seconds * 1_000)));
  }
}
