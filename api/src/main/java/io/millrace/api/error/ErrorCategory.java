package io.millrace.api.error;

/**
 * What kind of trouble an error is, coarse enough that a caller can act on it and a server can
 * derive its status from it.
 */
public enum ErrorCategory {
  /** The request is wrong; repeating it unchanged cannot succeed. */
  CALLER,
  /** The request contradicts the present state; read again, then decide. */
  CONFLICT,
  /** What was asked for does not exist. */
  NOT_FOUND,
  /**
   * It cannot be done now (closed, overloaded, disk full, timed out) and nothing was changed; try
   * later.
   */
  UNAVAILABLE,
  /** Stored bytes are damaged. */
  CORRUPT,
  /** A format, version or combination that this build cannot handle. */
  UNSUPPORTED,
  /** It is not known whether the write took effect; read to find out. */
  UNKNOWN_OUTCOME,
  /** A defect of Millrace. */
  INTERNAL
}
