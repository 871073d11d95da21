package io.millrace.rest;

import java.util.concurrent.CompletionStage;

/**
 * What one live feed tells. For one thread at a time, except that {@link #close()} may be called by
 * any.
 *
 * <p>Every method but {@link #close()} may fail with an {@link
 * io.millrace.api.error.UnavailableException}, whose message the client is told as the reason why
 * the feed ends.
 */
interface LiveSource extends AutoCloseable {
  /** What a feed does when it has sent what it read. */
  enum Next {
    /** It reads on. */
    READ,
    /** It waits; there is nothing more at present. */
    WAIT,
    /** It ends; there is nothing more that was asked for. */
    END
  }

  /**
   * Looks where the feed begins; called once, before anything else.
   *
   * @return fails with what becomes the answer to the request
   */
  CompletionStage<Void> open();

  /** Adds to {@code page} what there is, until the page is full. */
  Next read(FeedPage page);

  /**
   * Completes when there may be more; called after {@link Next#WAIT}.
   *
   * @return cancelling its future forgets the wait
   */
  CompletionStage<Long> whenMore();

  /** Gives back what it holds; called when the feed has ended, opened or not. */
  @Override
  void close();
}
