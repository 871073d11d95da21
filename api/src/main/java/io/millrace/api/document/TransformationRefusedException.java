package io.millrace.api.document;

import io.millrace.api.error.InvalidRequestException;

/**
 * A transformation that the present body does not allow, for example because a {@code test} of a
 * JSON Patch fails.
 */
public final class TransformationRefusedException extends InvalidRequestException {
  private static final long serialVersionUID = 1L;

  private final boolean conflict;

  /**
   * @param conflict whether another body could have allowed it; otherwise the transformation itself
   *     makes no sense
   */
  public TransformationRefusedException(String message, boolean conflict) {
    super("transformation-refused", message);
    this.conflict = conflict;
  }

  /** Whether another body could have allowed it. */
  public boolean conflict() {
    return conflict;
  }
}
