package io.millrace.api;

import io.millrace.api.error.InvalidRequestException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which bodies of superseded revisions a bucket keeps; those of leaves (winners, conflicts) are
 * always kept. At least one of the two is given; with both, a body is kept as long as one of them
 * keeps it.
 *
 * @param keep those of the newest so many changes of each document, tombstones included; 1 or more
 * @param age those that were superseded less than so long ago, so that every state since then can
 *     be read; more than nothing, at most {@value #MOST_DAYS} days
 */
public record Retention(@Nullable Integer keep, @Nullable Duration age) {
  /** The longest age, in days: a thousand years. */
  public static final long MOST_DAYS = 365_000;

  public Retention {
    if (keep == null && age == null) {
      throw refused("names at least one of keep and age");
    }
    if (keep != null && keep < 1) {
      throw refused("keeps 1 revision or more, not " + keep);
    }
    if (age != null && (age.isNegative() || age.toDays() > MOST_DAYS || age.toMillis() == 0)) {
      throw refused("has an age of one millisecond to " + MOST_DAYS + " days, not " + age);
    }
  }

  private static InvalidRequestException refused(String what) {
    return new InvalidRequestException("invalid-retention", "a retention " + what);
  }
}
