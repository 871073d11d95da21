package io.millrace.backend.flat;

/** A walk over rows; begins before the first. For one thread at a time; closed once. */
public interface FlatWalk extends AutoCloseable {
  /** Moves to the next row; not called again after it returned {@code false} or threw. */
  boolean advance();

  /** The key of the row; called on a row only. */
  byte[] key();

  /** The value of the row; called on a row only. */
  byte[] value();

  @Override
  void close();
}
