package io.millrace.api.document;

import org.jspecify.annotations.Nullable;

/**
 * Who wrote and why; kept with the commit, without judgement.
 *
 * @param author null when nobody said
 * @param message null when nobody said
 */
public record Attribution(@Nullable String author, @Nullable String message) {
  private static final Attribution NONE = new Attribution(null, null);

  /** Nobody, for no stated reason. */
  public static Attribution none() {
    return NONE;
  }
}
