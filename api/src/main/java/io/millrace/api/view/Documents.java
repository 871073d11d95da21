package io.millrace.api.view;

import io.millrace.api.document.Document;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
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

  /** All live documents, lowest id first, as {@link #range} gives them. */
  default Cursor<Document> all(StoreReader reader) {
    return range(KeyRange.all(), reader);
  }

  /**
   * The live documents whose ids, as UTF-8, lie in a range, in its direction. What lies outside is
   * not read.
   *
   * @param reader stays valid until the cursor is closed
   */
  Cursor<Document> range(KeyRange ids, StoreReader reader);
}
