package io.millrace.api.error;

import org.jspecify.annotations.Nullable;

/**
 * A write whose fate is unknown: it may or may not survive. Read to find out; do not assume
 * failure.
 */
public class UnknownOutcomeException extends MillraceException {
  private static final long serialVersionUID = 1L;

  public UnknownOutcomeException(String code, String message) {
    this(code, message, null);
  }

  public UnknownOutcomeException(String code, String message, @Nullable Throwable cause) {
    super(code, ErrorCategory.UNKNOWN_OUTCOME, message, cause);
  }
}
