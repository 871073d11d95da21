package io.millrace.rest.http;

import io.millrace.api.error.ErrorCategory;
import io.millrace.api.error.MillraceException;

/** Ends the handling of a request with a {@link Problem}. */
public final class ProblemException extends MillraceException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.code(), category(problem.status()), problem.detail(), null);
    this.problem = problem;
  }

  /** The answer. */
  public Problem problem() {
    return problem;
  }

  private static ErrorCategory category(int status) {
    return switch (status) {
      case 404 -> ErrorCategory.NOT_FOUND;
      case 409, 412 -> ErrorCategory.CONFLICT;
      case 429, 503 -> ErrorCategory.UNAVAILABLE;
      default -> status < 500 ? ErrorCategory.CALLER : ErrorCategory.INTERNAL;
    };
  }
}
