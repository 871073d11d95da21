package io.millrace.api.error;

import org.jspecify.annotations.Nullable;

/** A state that must not occur: a defect of Millrace or of a module. */
public class InternalException extends MillraceException {
  private static final long serialVersionUID = 1L;

  public InternalException(String code, String message) {
    this(code, message, null);
  }

  public InternalException(String code, String message, @Nullable Throwable cause) {
    super(code, ErrorCategory.INTERNAL, message, cause);
  }
}
