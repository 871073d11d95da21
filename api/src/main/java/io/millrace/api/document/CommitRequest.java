package io.millrace.api.document;

import java.util.List;

/**
 * Edits to be made together or not at all.
 *
 * @param edits in their order; the same document may occur once
 * @param attribution who and why
 * @param kind what kind of commit it becomes
 */
public record CommitRequest(List<Edit> edits, Attribution attribution, CommitKind kind) {
  public CommitRequest {
    edits = List.copyOf(edits);
  }

  /** The removal of documents with their history. */
  public static CommitRequest purge(List<Edit.Purge> edits, Attribution attribution) {
    return new CommitRequest(List.copyOf(edits), attribution, CommitKind.PURGE);
  }

  /** A client's write. */
  public static CommitRequest write(List<Edit> edits, Attribution attribution) {
    return new CommitRequest(edits, attribution, CommitKind.WRITE);
  }
}
