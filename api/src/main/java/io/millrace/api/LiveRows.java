package io.millrace.api;

import io.millrace.api.view.LiveRow;
import java.util.concurrent.CompletionStage;

/**
 * Rows of a query that are followed: read as far as they are there, then waited for.
 *
 * <pre>{@code
 * try (LiveRows rows = queries.follow(...).toCompletableFuture().join()) {
 *   while (true) {
 *     while (rows.advance()) {
 *       use(rows.current());
 *     }
 *     rows.whenMore().toCompletableFuture().join();
 *   }
 * }
 * }</pre>
 *
 * <p>No change is left out, and a document that changes many times between two looks is told about
 * once, or a few times, with its newest rows. Nothing is held while there is nothing to tell; while
 * there is, a snapshot is, so go on reading or close.
 *
 * <p>The rows end when they are no longer those of the query: it is defined otherwise, rebuilt or
 * removed, its bucket is dropped, its view stands still, or the database is closed. Then {@link
 * #advance()} throws, and {@link #whenMore()} fails with, an {@link
 * io.millrace.api.error.UnavailableException} whose message says which of these it is.
 *
 * <p>For one thread at a time, except that {@link #close()} may be called by any.
 */
public interface LiveRows extends AutoCloseable {
  /**
   * Moves on; may read from disk and so may block.
   *
   * @return false when there is nothing more at present, or when this is closed
   * @throws io.millrace.api.error.UnavailableException when the rows have ended (code {@code
   *     rows-ended})
   */
  boolean advance();

  /**
   * What the last {@link #advance()} moved to.
   *
   * @throws IllegalStateException when it moved to nothing
   */
  LiveRow current();

  /**
   * Completes when {@link #advance()} may find more; to be called after it found nothing.
   *
   * @return fails when the rows have ended; cancelling its future forgets the wait
   */
  CompletionStage<Long> whenMore();

  /** Ends the following, which holds nothing afterwards. Closing twice does nothing. */
  @Override
  void close();
}
