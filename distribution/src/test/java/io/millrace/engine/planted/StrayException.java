package io.millrace.engine.planted;

/** Descends from no exception of ours. */
final class StrayException extends IllegalStateException {
  private static final long serialVersionUID = 1L;
}
