package io.millrace.api.error;

import org.jspecify.annotations.Nullable;

/** What was asked for is not there. */
public class NotFoundException extends MillraceException {
  private static final long serialVersionUID = 1L;

  public NotFoundException(String code, String message) {
    this(code, message, null);
  }

  public NotFoundException(String code, String message, @Nullable Throwable cause) {
    super(code, ErrorCategory.NOT_FOUND, message, cause);
  }
}
