package io.millrace.log.file;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import java.io.IOException;
import java.util.Locale;

/** Why a log takes no more appends until it is opened again. */
record LogFailure(boolean full, Throwable cause) {
  static LogFailure of(Throwable cause) {
    return new LogFailure(cause instanceof IOException && isFull(cause.getMessage()), cause);
  }

  private static boolean isFull(String message) {
    // The JDK has no type for this; these are the words of the operating systems.
    String words = String.valueOf(message).toLowerCase(Locale.ROOT);
    return words.contains("no space left")
        || words.contains("quota exceeded")
        || words.contains("not enough space");
  }

  /** For an append of which nothing was written. */
  UnavailableException refusal() {
    return full
        ? new UnavailableException(
            "log-full",
            "nothing was appended: there is no space left for the log; make room, then open the"
                + " database again",
            cause)
        : new UnavailableException(
            "log-failed",
            "nothing was appended: an earlier write or force of the log failed ("
                + cause
                + "); it takes no more until the database is opened again",
            cause);
  }

  /** For an append of which a part, or all, may have been written. */
  UnknownOutcomeException unknownOutcome() {
    return new UnknownOutcomeException(
        "append-unknown",
        "it is not known whether the append survives, since writing or forcing the log failed ("
            + cause
            + "); open the database again and read to find out",
        cause);
  }
}
