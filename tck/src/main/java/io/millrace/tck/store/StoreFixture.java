package io.millrace.tck.store;

import io.millrace.api.store.Store;
import java.nio.file.Path;

/**
 * How the contract tests get at one store of the module under test. Each test has a fixture of its
 * own, which begins empty.
 *
 * <p>A capability that is missing is declared by its switch; the tests then assert that it is
 * missing in the documented way.
 */
public interface StoreFixture extends AutoCloseable {
  /** Opens the store, for the first time or again; the one opened before has been closed. */
  Store open();

  /** Opens the copy that {@link Store#checkpoint} wrote to {@code folder}. */
  Store openCheckpoint(Path folder);

  /**
   * Runs {@code workload} with the store and ends the store without closing it, best by ending its
   * process in the middle of the work. Afterwards {@link #open()} recovers what survived.
   */
  void crash(StoreWorkload workload);

  /** Whether a closed store still has its rows when it is opened again; if not, it is empty. */
  default boolean survivesClose() {
    return true;
  }

  /** Whether flushed rows outlive a crash; if not, the store is empty after one. */
  default boolean survivesCrash() {
    return true;
  }

  /**
   * Whether checkpoints can be written; if not, asking for one throws {@link
   * io.millrace.api.error.UnsupportedException}.
   */
  default boolean supportsCheckpoints() {
    return true;
  }

  /** Removes everything; all stores have been closed. */
  @Override
  default void close() {}
}
