package io.millrace.log.store;

import io.millrace.spi.Setting;
import java.time.Duration;

/**
 * When appended records are forced to disk.
 *
 * @param interval the time between two forces with {@link Mode#INTERVAL}, else zero
 */
record SyncPolicy(Mode mode, Duration interval) {
  /** The three ways. */
  enum Mode {
    /** Before the append is answered. */
    ALWAYS,
    /** Every so often, in the background; answered once written. */
    INTERVAL,
    /** When the log is closed; answered once written. */
    OS
  }

  private static final Duration LONGEST = Duration.ofHours(1);

  static final SyncPolicy ALWAYS = new SyncPolicy(Mode.ALWAYS, Duration.ZERO);
  static final SyncPolicy OS = new SyncPolicy(Mode.OS, Duration.ZERO);

  static SyncPolicy every(Duration interval) {
    if (interval.isZero() || interval.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("out of range");
    }
    return new SyncPolicy(Mode.INTERVAL, interval);
  }

  /** Reads {@code always}, {@code os} or a duration such as {@code 100ms}. */
  static SyncPolicy parse(String text) {
    return switch (text) {
      case "always" -> ALWAYS;
      case "os" -> OS;
      default -> every(Setting.parseDuration(text));
    };
  }

  /** Whether an append is answered only after a force. */
  boolean forcesEachGroup() {
    return mode == Mode.ALWAYS;
  }
}
