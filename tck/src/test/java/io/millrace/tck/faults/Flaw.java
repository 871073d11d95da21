package io.millrace.tck.faults;

import io.millrace.spi.Setting;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What can be deliberately wrong with a {@link RecordFile}. */
enum Flaw {
  NONE,
  FORGETS_TO_FORCE,
  ANSWERS_BEFORE_IT_WRITES,
  WRITES_A_BATCH_IN_TWO_PARTS,
  LOSES_WHAT_WAS_NOT_FORCED_WHEN_CLOSED,
  DOES_NOT_COMPARE_CHECKSUMS,
  SKIPS_DAMAGED_RECORDS,
  TAKES_DAMAGE_FOR_THE_END,
  REPORTS_DAMAGE_AS_SOMETHING_ELSE,
  SWALLOWS_A_FULL_DISK,
  GOES_ON_BEHIND_A_FAILED_WRITE,
  TAKES_WHAT_CANNOT_BE_OPENED_FOR_EMPTY,
  KEEPS_A_FILE_OPEN,
  TAKES_NO_LOCK,
  LOSES_ITS_LOCK_WHEN_ASKED_AGAIN;

  /** The flaw of a log or a store. */
  static final Setting<Flaw> SETTING =
      new Setting<>("flaw", "What is wrong with it.", "none", "a flaw", true, Flaw::parse);

  static final List<Setting<?>> SETTINGS = List.of(SETTING);

  private static Flaw parse(String text) {
    return Stream.of(values()).filter(flaw -> flaw.text().equals(text)).findAny().orElseThrow();
  }

  /** As a setting's value. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
