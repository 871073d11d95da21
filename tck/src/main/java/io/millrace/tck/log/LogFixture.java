package io.millrace.tck.log;

import io.millrace.api.log.Log;
import java.nio.file.Path;

/**
 * One place where a log can be, and what a test does to it. At most one log is open in it at a
 * time.
 *
 * <p>A module that cannot do one of these things overrides the switch of that name; the kit then
 * asserts that the log behaves in the way that the switch documents.
 */
public interface LogFixture extends AutoCloseable {
  /** Opens the log, made if there is none, recovered if the last one crashed. */
  Log open();

  /**
   * Whether records outlive the closing of the log. If not, each opening gives an empty log with
   * another incarnation.
   */
  default boolean keepsRecords() {
    return true;
  }

  /** Whether {@link #crash} works. If not, it throws {@link UnsupportedOperationException}. */
  default boolean canCrash() {
    return true;
  }

  /** Whether {@link #damage} works. If not, it throws {@link UnsupportedOperationException}. */
  default boolean canDamage() {
    return true;
  }

  /**
   * Whether {@link Log#checkpoint} works. If not, it throws {@link
   * io.millrace.api.error.UnsupportedException} with the code {@code checkpoint-unsupported}.
   */
  default boolean canCheckpoint() {
    return false;
  }

  /**
   * Whether {@link Log#rewrite} works. If not, it throws {@link
   * io.millrace.api.error.UnsupportedException} with the code {@code compaction-unsupported}.
   */
  default boolean canRewrite() {
    return false;
  }

  /** Opens the copy of a log that {@link Log#checkpoint} wrote; the caller closes it. */
  default Log openCopy(Path folder) {
    throw new UnsupportedOperationException("this log writes no copies");
  }

  /**
   * Ends {@code log} as a loss of power would, at any moment, appends being under way or not: what
   * is not durable is lost, in whole or in part. Afterwards the log can be opened again; {@code
   * log} is of no more use, and nothing of it (threads, files) is left.
   */
  void crash(Log log);

  /** Changes a stored byte of the record at {@code sequence}, while no log is open. */
  void damage(long sequence);

  /** Removes everything; the log was closed before, or crashed. */
  @Override
  void close();
}
