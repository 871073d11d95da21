package io.millrace.cli;

/** With what commands end; part of their documentation. */
final class ExitCodes {
  /** Done, and nothing is wrong. */
  static final int DONE = 0;

  /** It could not be done; the message says why. */
  static final int FAILED = 1;

  /** The command line makes no sense. */
  static final int USAGE = 2;

  private ExitCodes() {}
}
