package io.millrace.api.view;

import io.millrace.api.document.Document;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreReader;
import org.jspecify.annotations.Nullable;

/**
 * The documents of the bucket that a view belongs to, for methods that need more of a document than
 * the view's rows hold. Not for {@link View#apply}: rows depend on the changes alone.
 *
 * <p>A document is read as it was at the moment of the reader, which may be after the last change
 * that the view was given. Safe for use by many threads; every call may read from disk.
 */
public interface Documents {
  /** The live document called {@code id}; null when there is none. */
  @Nullable Document find(String id, StoreReader reader);

  /** All live documents in the order of their ids, as UTF-8. {@code reader} must stay valid. */
  Cursor<Document> all(StoreReader reader);
}
