package io.millrace.log.store;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;

/** Why a log takes no more appends until it is opened again. */
record LogFailure(Throwable cause) {
  /** For an append of which nothing was written. */
  UnavailableException refusal() {
    boolean full = cause instanceof MillraceException known && known.code().equals("store-full");
    return full
        ? new UnavailableException(
            "log-full",
            "nothing was appended: there is no space left for the log; make room, then open the"
                + " database again",
            cause)
        : new UnavailableException(
            "log-failed",
            "nothing was appended: an earlier write or flush of the log's store failed ("
                + cause
                + "); it takes no more until the database is opened again",
            cause);
  }

  /** For an append that may have been written. */
  UnknownOutcomeException unknownOutcome() {
    return new UnknownOutcomeException(
        "append-unknown",
        "it is not known whether the append survives, since writing or flushing the log's store"
            + " failed ("
            + cause
            + "); open the database again and read to find out",
        cause);
  }
}
