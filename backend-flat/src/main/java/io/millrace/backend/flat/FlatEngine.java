package io.millrace.backend.flat;

import java.nio.file.Path;
import java.util.List;

/**
 * A database with one ordered space of keys, compared as unsigned bytes.
 *
 * <p>As a {@link FlatReader} it is its newest state. Reading is safe for many threads, also while
 * one writes. {@link #write} and {@link #flush} are called by one thread at a time. After {@link
 * #close} nothing is called; walks and moments were closed before, and nobody is inside.
 *
 * <p>What survives a crash is a prefix of the writes, each whole.
 */
public interface FlatEngine extends FlatReader, AutoCloseable {
  /** Opens engines of one kind with the same settings. */
  interface Opener {
    /** Opens the engine in {@code folder}, which is there: empty, or left by such an engine. */
    FlatEngine open(Path folder);
  }

  /** The rows as they are now. */
  FlatMoment moment();

  /**
   * Makes {@code changes} in their order, together.
   *
   * @throws io.millrace.api.error.UnavailableException when none of them was made
   */
  void write(List<FlatChange> changes);

  /** Makes everything that was written durable. */
  void flush();

  /** Frees everything; need not flush. */
  @Override
  void close();
}
