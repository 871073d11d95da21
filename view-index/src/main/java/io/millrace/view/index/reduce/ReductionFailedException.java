package io.millrace.view.index.reduce;

import io.millrace.api.error.InvalidRequestException;

/** Rows that were asked for cannot be reduced; the message says why, and which. */
public final class ReductionFailedException extends InvalidRequestException {
  private static final long serialVersionUID = 1L;

  public ReductionFailedException(String message) {
    super("reduction-failed", message);
  }
}
