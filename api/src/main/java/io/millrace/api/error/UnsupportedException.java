package io.millrace.api.error;

import org.jspecify.annotations.Nullable;

/**
 * Data or a request of a kind that this build cannot handle: another format version, another
 * module.
 */
public class UnsupportedException extends MillraceException {
  private static final long serialVersionUID = 1L;

  public UnsupportedException(String code, String message) {
    this(code, message, null);
  }

  public UnsupportedException(String code, String message, @Nullable Throwable cause) {
    super(code, ErrorCategory.UNSUPPORTED, message, cause);
  }
}
