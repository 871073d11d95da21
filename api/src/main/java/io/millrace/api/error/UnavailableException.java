package io.millrace.api.error;

import org.jspecify.annotations.Nullable;

/**
 * It cannot be done at present, and nothing was changed: closed, overloaded, out of space, or timed
 * out.
 */
public class UnavailableException extends MillraceException {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String code, String message) {
    this(code, message, null);
  }

  public UnavailableException(String code, String message, @Nullable Throwable cause) {
    super(code, ErrorCategory.UNAVAILABLE, message, cause);
  }
}
