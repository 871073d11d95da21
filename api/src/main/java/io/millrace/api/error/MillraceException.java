package io.millrace.api.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The root of all exceptions that Millrace and its modules throw on purpose.
 *
 * <p>The {@linkplain #code() code} is stable and meant for programs; the message says what was
 * tried, on what, and what the reader can do. A message never holds a document's body or a secret.
 */
public abstract class MillraceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final ErrorCategory category;

  /**
   * @param code lower-case words joined by hyphens, for example {@code log-closed}
   */
  protected MillraceException(
      String code, ErrorCategory category, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code);
    this.category = Objects.requireNonNull(category);
  }

  /** The stable name of this error, for example {@code log-closed}. */
  public final String code() {
    return code;
  }

  /** What kind of trouble this is. */
  public final ErrorCategory category() {
    return category;
  }
}
