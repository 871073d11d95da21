package io.millrace.backend.flat;

import org.jspecify.annotations.Nullable;

/**
 * One state of an engine's rows. Safe for use by many threads.
 *
 * <p>Arrays given are neither changed nor kept; arrays returned belong to the caller. Damage that
 * is met is thrown as {@link io.millrace.api.error.CorruptionException}, never answered as absence.
 */
public interface FlatReader {
  /** The value at {@code key}; null when there is none. */
  byte @Nullable [] get(byte[] key);

  /**
   * The rows from {@code from}, included, to {@code to}, excluded, as they are now.
   *
   * @param from lower than {@code to}
   * @param reverse whether the highest comes first
   */
  FlatWalk walk(byte[] from, byte[] to, boolean reverse);
}
