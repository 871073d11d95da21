package io.millrace.api.sync;

import io.millrace.api.error.ErrorCategory;
import io.millrace.api.error.MillraceException;

/**
 * What a client has reached says nothing to this server: it is another one, or was restored, or the
 * bucket was dropped, or documents were purged without a trace. The client begins again from {@link
 * SyncServer#START}.
 */
public final class StartOverException extends MillraceException {
  /** The code of this error. */
  public static final String CODE = "start-over";

  private static final long serialVersionUID = 1L;

  public StartOverException(String message) {
    super(CODE, ErrorCategory.CONFLICT, message, null);
  }
}
