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

  /** A client's write. */
  public static CommitRequest write(List<Edit> edits, Attribution attribution) {
    return new CommitRequest(edits, attribution, CommitKind.WRITE);
  }
}
