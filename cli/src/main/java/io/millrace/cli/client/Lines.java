package io.millrace.cli.client;

import org.jspecify.annotations.Nullable;

/** The lines of an answer, as they come; must be closed. For one thread. */
public interface Lines extends AutoCloseable {
  /**
   * Waits for the next line; null behind the last.
   *
   * @throws io.millrace.api.error.UnavailableException when the answer breaks off
   */
  @Nullable String next();

  /** Ends an answer that is not wanted any more, too. */
  @Override
  void close();
}
