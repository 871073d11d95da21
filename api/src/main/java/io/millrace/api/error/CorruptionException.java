package io.millrace.api.error;

import org.jspecify.annotations.Nullable;

/**
 * Stored bytes are damaged. The message names the place (file and position, or keyspace and key)
 * and what was expected there.
 */
public class CorruptionException extends MillraceException {
  private static final long serialVersionUID = 1L;

  private final String place;

  /**
   * @param place where the damage is: a file with a byte position, or a keyspace with a key
   */
  public CorruptionException(String place, String message, @Nullable Throwable cause) {
    super("corrupt", ErrorCategory.CORRUPT, place + ": " + message, cause);
    this.place = place;
  }

  public CorruptionException(String place, String message) {
    this(place, message, null);
  }

  /** Where the damage is. */
  public String place() {
    return place;
  }
}
