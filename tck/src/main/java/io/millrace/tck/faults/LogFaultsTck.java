package io.millrace.tck.faults;

import java.util.Map;

/**
 * A log in trouble, which forces every batch. A module's test names its provider:
 *
 * <pre>{@code
 * final class MyLogFaultsTest extends LogFaultsTck {
 *   @Override
 *   protected String provider() {
 *     return "my-log";
 *   }
 * }
 * }</pre>
 *
 * <p>What survives is the first so and so many batches as they were appended, at least those that
 * were answered; a second opening changes nothing; damaged files are reported or do not matter, the
 * last batch aside, which may have been torn; and what cannot be done is refused with an {@link
 * io.millrace.api.error.UnavailableException}, or its outcome is called unknown.
 *
 * <p>The system property {@code millrace.test.seed} repeats a run, {@code millrace.test.thorough}
 * makes it a long one. Tests that need a small or read-only disk are skipped where {@code unshare}
 * and {@code mount} are not allowed.
 */
public abstract class LogFaultsTck extends FaultsTck {
  /** For extension. */
  protected LogFaultsTck() {}

  /** The name by which the provider is found. */
  protected abstract String provider();

  /** The log's settings; best such that little data makes many files. */
  protected Map<String, String> settings() {
    return Map.of();
  }

  @Override
  final Subject subject() {
    return new LogSubject(provider(), settings());
  }
}
