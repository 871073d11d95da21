package io.millrace.engine.write;

import io.millrace.engine.index.IndexUpdate;

/** Hears of what became readable. Called on the writer's thread, in order; must return quickly. */
@FunctionalInterface
public interface WriterListener {
  /** {@code update} is in the index, and the sequence of the database is {@code sequence}. */
  void indexed(IndexUpdate update, long sequence);
}
