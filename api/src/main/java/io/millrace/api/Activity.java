package io.millrace.api;

import io.millrace.api.document.Change;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import java.util.concurrent.CompletionStage;

/**
 * The changes of a bucket, or of the whole database, in sequence order.
 *
 * <pre>{@code
 * long seen = 0;
 * while (true) {
 *   try (Cursor<Change> changes = activity.read(SequenceRange.after(seen), ActivityFilter.none())) {
 *     while (changes.advance()) {
 *       seen = changes.current().sequence();
 *     }
 *   }
 *   activity.whenBeyond(seen).toCompletableFuture().join();
 * }
 * }</pre>
 */
public interface Activity {
  /**
   * The changes of {@code range} that are there now. The limit of the range counts what passes the
   * filter.
   */
  Cursor<Change> read(SequenceRange range, ActivityFilter filter);

  /** The sequence of the last change; 0 when there is none. */
  long sequence();

  /**
   * Completes when there is a change beyond {@code sequence}.
   *
   * @return fails when the database is closed; cancelling its future forgets the wait
   */
  CompletionStage<Long> whenBeyond(long sequence);
}
