package io.millrace.tck.view;

/** What can be deliberately wrong with a {@link PlainView}, and which tests must notice. */
enum Flaw {
  REMEMBERS_ROWS_IN_MEMORY(ViewTck.Rebuilding.class),
  COUNTS_WHAT_WAS_THROWN_AWAY(ViewTck.Rebuilding.class),
  DEPENDS_ON_BATCH_BOUNDARIES(ViewTck.Rebuilding.class),
  DEPENDS_ON_DOCUMENTS_SEEN_BEFORE(ViewTck.Rebuilding.class),
  SETTLING_CHANGES_AN_ANSWER(ViewTck.Rebuilding.class),
  LEAVES_WORK_TO_SETTLE(ViewTck.Rebuilding.class),
  USES_THE_CLOCK(ViewTck.Determinism.class),
  USES_RANDOMNESS(ViewTck.Determinism.class),
  USES_THE_LOCALE(ViewTck.Determinism.class),
  SHARES_STATE_BETWEEN_BUILDS(ViewTck.Determinism.class),
  FORGETS_OLD_ROWS(ViewTck.Documents.class),
  LEAVES_ROWS_OF_DELETED_DOCUMENTS(ViewTck.Documents.class),
  TOTALS_DRIFT(ViewTck.Documents.class),
  CURSOR_GIVES_ROWS_TOO_EARLY(ViewTck.Reading.class),
  ERROR_STOPS_THE_BATCH(ViewTck.Errors.class),
  ERROR_SKIPS_THE_REST_OF_THE_BATCH(ViewTck.Errors.class),
  ERROR_STAYS_WHEN_MENDED(ViewTck.Errors.class),
  ERROR_KEEPS_OLD_ROWS(ViewTck.Errors.class),
  WRONG_ORDER(ViewTck.Ranges.class),
  END_IS_INCLUDED(ViewTck.Ranges.class),
  PAGES_REPEAT_A_ROW(ViewTck.Ranges.class),
  REVERSE_IGNORES_THE_LIMIT(ViewTck.Ranges.class),
  CHANGED_ROWS_ARE_INCOMPLETE(ViewTck.Following.class),
  CHANGED_ROWS_IGNORE_THE_QUESTION(ViewTck.Following.class),
  VALIDATES_WHAT_OPEN_REFUSES(ViewTck.Definitions.class),
  REFUSES_ONLY_ONCE(ViewTck.Definitions.class),
  IGNORES_UNKNOWN_MEMBERS(ViewTck.Definitions.class),
  CHANGES_THE_DEFINITION(ViewTck.Definitions.class),
  METHODS_COME_WITH_ROWS(ViewTck.Definitions.class),
  TAKES_ANY_LIMIT(ViewTck.Arguments.class),
  READS_BESIDE_THE_SNAPSHOT(ViewTck.Reading.class),
  FORGETS_THE_REST_WHEN_INTERRUPTED(ViewTck.Interruption.class);

  private final Class<?> noticedBy;

  Flaw(Class<?> noticedBy) {
    this.noticedBy = noticedBy;
  }

  Class<?> noticedBy() {
    return noticedBy;
  }
}
