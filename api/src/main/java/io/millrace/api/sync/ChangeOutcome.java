package io.millrace.api.sync;

/** What became of changes that a client sent. */
public sealed interface ChangeOutcome {
  /**
   * All of them were made, durably and together.
   *
   * @param cid what the client has reached with them
   */
  record Accepted(String cid) implements ChangeOutcome {}

  /**
   * None of them was made, since something changed after what the client has reached: pull, apply,
   * and send again what is left.
   */
  record Mismatch() implements ChangeOutcome {}
}
