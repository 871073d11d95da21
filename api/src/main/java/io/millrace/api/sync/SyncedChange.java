package io.millrace.api.sync;

import io.millrace.api.document.Body;
import io.millrace.api.document.DocumentId;
import org.jspecify.annotations.Nullable;

/**
 * What became of one document: its whole new body, or that it is deleted.
 *
 * @param body null when the document is deleted
 */
public record SyncedChange(String id, @Nullable Body body) {
  public SyncedChange {
    DocumentId.require(id);
  }

  /** A document with a new body. */
  public static SyncedChange put(String id, Body body) {
    return new SyncedChange(id, body);
  }

  /** A document deleted. */
  public static SyncedChange del(String id) {
    return new SyncedChange(id, null);
  }

  /** Whether the document is deleted. */
  public boolean deleted() {
    return body == null;
  }
}
