package io.millrace.api.view;

import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreReader;
import java.util.List;
import java.util.Map;

/**
 * Rows computed from the documents of one bucket by one definition.
 *
 * <p>Everything that a view knows lies in its keyspace, so that it is exactly what the batches
 * written so far made it: after a crash it goes on where the surviving batches end. Rows depend on
 * the data alone: no clock, no randomness, nothing remembered beside the keyspace. Any split of the
 * same changes into batches gives the same rows.
 *
 * <p><b>Threads.</b> {@link #apply} is called by one thread at a time, each batch after the
 * previous one was written. Methods, {@link #statistics} and {@link #errors} are called by many
 * threads, with a reader whose state is that of some written batch, and must read through it alone.
 *
 * <p><b>Lifecycle.</b> {@link #close} is called once, after the last use of everything else.
 */
public interface View extends AutoCloseable {
  /** Which changes this view needs. The same at every call. */
  ViewInput input();

  /**
   * Computes the rows of {@code changes} and adds what they change in the view's keyspace to {@code
   * batch}. The engine adds the checkpoint and writes the batch.
   *
   * <p>A document that cannot be computed is kept among the {@linkplain #errors errors} and gives
   * no rows; it never fails the call.
   *
   * @throws InterruptedException when the view is being closed; the batch is given up
   */
  void apply(ViewBatch changes, StoreBatch batch) throws InterruptedException;

  /**
   * Does some of the work that was put off until the view has caught up, such as summaries of what
   * a long build wrote. It makes answers cheaper and never changes one: methods are called before
   * it and between two calls of it. Called like {@link #apply}, when there is nothing to apply,
   * until it answers no.
   *
   * <p>Once it has answered no, the keyspace is the same however the changes were split and
   * whenever this was called.
   *
   * @return whether more is left to do
   * @throws InterruptedException when the view is being closed; the batch is given up
   */
  default boolean settle(StoreBatch batch) throws InterruptedException {
    return false;
  }

  /**
   * What can be asked, by name. The same at every call. The method {@code rows}, if there is one,
   * is the default.
   */
  Map<String, ViewMethod> methods();

  /** What of its rows can be used to find documents. The same at every call. */
  default List<PathIndex> indexes() {
    return List.of();
  }

  /** How large the view is. */
  ViewStatistics statistics(StoreReader reader);

  /** The documents that could not be computed, by id. */
  Cursor<DocumentError> errors(StoreReader reader);

  @Override
  void close();
}
