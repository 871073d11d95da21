package io.millrace.view.js;

/**
 * How work in a sandbox ended.
 *
 * @param <T> what the work gives
 */
sealed interface Outcome<T> {
  /** It ended by itself. */
  record Done<T>(T value) implements Outcome<T> {}

  /**
   * It was ended, because it exceeded a limit.
   *
   * @param reason which one, for the author of the definition
   */
  record Exceeded<T>(String reason) implements Outcome<T> {}
}
