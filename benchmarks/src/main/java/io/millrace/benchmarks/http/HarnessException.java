package io.millrace.benchmarks.http;

/** Why a measurement could not be made. The message is for the person who started it. */
final class HarnessException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  HarnessException(String message) {
    super(message);
  }

  HarnessException(String message, Throwable cause) {
    super(message, cause);
  }
}
