package io.millrace.view.index;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an index is to hold of one document from now on: its rows, or the reason why it has none.
 *
 * @param documentId the document, not empty, without control characters
 * @param rows in the order in which the document made them; empty for none
 * @param error why the document could not be computed; null when it could
 */
public record DocumentRows(String documentId, List<IndexRow> rows, @Nullable String error) {
  /** A message is cut to this many characters. */
  public static final int MAX_ERROR_LENGTH = 1_000;

  public DocumentRows {
    if (documentId.isEmpty() || documentId.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not the id of a document");
    }
    if (error != null && error.length() > MAX_ERROR_LENGTH) {
      error = error.substring(0, MAX_ERROR_LENGTH);
    }
  }

  /** A document with these rows. */
  public static DocumentRows of(String documentId, List<IndexRow> rows) {
    return new DocumentRows(documentId, rows, null);
  }

  /** A document without rows: deleted, or one that makes none. */
  public static DocumentRows none(String documentId) {
    return new DocumentRows(documentId, List.of(), null);
  }

  /** A document that could not be computed. */
  public static DocumentRows failed(String documentId, String error) {
    return new DocumentRows(documentId, List.of(), error);
  }
}
