package io.millrace.api.range;

/**
 * A closeable walk over values, one at a time.
 *
 * <pre>{@code
 * try (Cursor<Document> documents = bucket.documents(KeyRange.all())) {
 *   while (documents.advance()) {
 *     use(documents.current());
 *   }
 * }
 * }</pre>
 *
 * <p>A cursor belongs to one thread at a time. It holds resources (a snapshot, a file) until it is
 * closed; closing twice does nothing. Advancing may read from disk and so may block.
 *
 * @param <T> what is walked over
 */
public interface Cursor<T> extends AutoCloseable {
  /**
   * Moves to the next value.
   *
   * @return whether there is one; after {@code false} every further call is {@code false} too
   * @throws io.millrace.api.error.UnavailableException when this cursor, or what it reads, is
   *     closed
   */
  boolean advance();

  /**
   * The value that the last {@link #advance()} moved to.
   *
   * @throws IllegalStateException when not on a value
   */
  T current();

  @Override
  void close();
}
