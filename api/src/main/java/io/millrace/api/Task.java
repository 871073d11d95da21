package io.millrace.api;

import java.time.Duration;
import java.time.Instant;

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
 */
public record Task(
    String name,
    String kind,
    long done,
    long total,
    String unit,
    Instant started,
    Duration elapsed) {
  /** How much was done in a second, on average. */
  public double rate() {
    double seconds = elapsed.toNanos() / 1e9;
    return seconds <= 0 ? 0 : done / seconds;
  }
}
