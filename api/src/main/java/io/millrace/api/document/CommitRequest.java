package io.millrace.api.document;

import java.util.List;

/**
 * Edits to be made together or not at all.
 *
 * @param edits in their order; the same document may occur once
 * @param attribution who and why
 * @param kind what kind of commit it becomes
 * @param target of a rollback, the sequence whose state it restores; 0 for all others
 */
public record CommitRequest(
    List<Edit> edits, Attribution attribution, CommitKind kind, long target) {
  public CommitRequest {
    edits = List.copyOf(edits);
  }

  /** Edits that restore nothing. */
  public CommitRequest(List<Edit> edits, Attribution attribution, CommitKind kind) {
    this(edits, attribution, kind, 0);
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
