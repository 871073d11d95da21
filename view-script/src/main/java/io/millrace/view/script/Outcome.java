package io.millrace.view.script;

/**
 * How work in a sandbox ended.
 *
 * @param <T> what the work gives
 */
public sealed interface Outcome<T> {
  /**
   * It ended by itself.
   *
   * @param value what it gave
   */
  record Done<T>(T value) implements Outcome<T> {}

  /**
   * It was ended, because it exceeded a limit.
   *
   * @param reason which one, for the author of the definition
   */
  record Exceeded<T>(String reason) implements Outcome<T> {}
}
