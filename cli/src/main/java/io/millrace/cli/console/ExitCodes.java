package io.millrace.cli.console;

import io.millrace.api.error.ErrorCategory;
import io.millrace.api.error.MillraceException;

/**
 * With what commands end; part of their documentation.
 *
 * <p>3 is missing here: with it {@code check} says that what it looked at is repairable.
 */
public final class ExitCodes {
  /** Done, and nothing is wrong. */
  public static final int DONE = 0;

  /** It could not be done; the message says why. */
  public static final int FAILED = 1;

  /** The command line makes no sense. */
  public static final int USAGE = 2;

  /** Something is lost or was altered: of {@code check} and {@code verify}. */
  public static final int LOST = 4;

  /** What was asked for is not there. */
  public static final int NOT_FOUND = 5;

  /** The write contradicts what is there now; nothing was changed. */
  public static final int CONFLICT = 6;

  /** The request makes no sense to the database; nothing was changed. */
  public static final int REFUSED = 7;

  /** Nobody answers, or it cannot be done at present. */
  public static final int UNAVAILABLE = 8;

  /** The server failed, or it is not known whether a write took effect. */
  public static final int SERVER_ERROR = 9;

  /** Ended by Ctrl-C. */
  public static final int INTERRUPTED = 130;

  /** The code of an error that says that Ctrl-C ended a command. */
  public static final String INTERRUPTION = "interrupted";

  /** What {@code --help} of a command on documents shows. */
  public static final String DONE_TEXT = "0:done";

  /** See {@link #DONE_TEXT}. */
  public static final String FAILED_TEXT = "1:it could not be done";

  /** See {@link #DONE_TEXT}. */
  public static final String USAGE_TEXT = "2:the command line makes no sense";

  /** See {@link #DONE_TEXT}. */
  public static final String NOT_FOUND_TEXT = "5:what was asked for is not there";

  /** See {@link #DONE_TEXT}. */
  public static final String CONFLICT_TEXT = "6:conflict with what is there now; nothing changed";

  /** See {@link #DONE_TEXT}. */
  public static final String REFUSED_TEXT = "7:the database refuses what was sent";

  /** See {@link #DONE_TEXT}. */
  public static final String UNAVAILABLE_TEXT = "8:no answer, or not possible at present";

  /** See {@link #DONE_TEXT}. */
  public static final String SERVER_ERROR_TEXT = "9:the server failed; a write may be in or not";

  private ExitCodes() {}

  /** The exit code of a command on documents that failed so. */
  public static int of(Throwable failure) {
    if (!(failure instanceof MillraceException known)) {
      return FAILED;
    }
    return known.code().equals(INTERRUPTION) ? INTERRUPTED : of(known.category());
  }

  private static int of(ErrorCategory category) {
    return switch (category) {
      case CALLER -> REFUSED;
      case CONFLICT -> CONFLICT;
      case NOT_FOUND -> NOT_FOUND;
      case UNAVAILABLE -> UNAVAILABLE;
      case UNKNOWN_OUTCOME, INTERNAL -> SERVER_ERROR;
      case CORRUPT, UNSUPPORTED -> FAILED;
    };
  }
}
