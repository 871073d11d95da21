package io.millrace.tck.faults;

import java.util.Map;

/**
 * A store in trouble. A module's test names its provider:
 *
 * <pre>{@code
 * final class MyStoreFaultsTest extends StoreFaultsTck {
 *   @Override
 *   protected String provider() {
 *     return "my-store";
 *   }
 * }
 * }</pre>
 *
 * <p>What survives is always what the first so and so many batches make, at least those that were
 * flushed; a second opening changes nothing; damaged files are reported or do not matter; and what
 * cannot be done is refused with an {@link io.millrace.api.error.UnavailableException}.
 *
 * <p>The system property {@code millrace.test.seed} repeats a run, {@code millrace.test.thorough}
 * makes it a long one. Tests that need a small or read-only disk are skipped where {@code unshare}
 * and {@code mount} are not allowed.
 */
public abstract class StoreFaultsTck extends FaultsTck {
  /** For extension. */
  protected StoreFaultsTck() {}

  /** The name by which the provider is found. */
  protected abstract String provider();

  /** The store's settings; best such that little data makes many files. */
  protected Map<String, String> settings() {
    return Map.of();
  }

  @Override
  final Subject subject() {
    return new StoreSubject(provider(), settings());
  }
}
