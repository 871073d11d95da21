package io.millrace.api.error;

import org.jspecify.annotations.Nullable;

/** What the caller asked for is malformed or makes no sense; nothing was changed. */
public class InvalidRequestException extends MillraceException {
  private static final long serialVersionUID = 1L;

  public InvalidRequestException(String code, String message) {
    this(code, message, null);
  }

  public InvalidRequestException(String code, String message, @Nullable Throwable cause) {
    super(code, ErrorCategory.CALLER, message, cause);
  }
}
