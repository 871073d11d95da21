package io.millrace.api.document;

import java.util.Locale;

/** What a commit did. */
public enum CommitKind {
  /** Documents written or deleted by a client. */
  WRITE,
  /** An earlier state brought back. */
  ROLLBACK,
  /** Revisions received from a peer. */
  REPLICATED,
  /** A bucket made explicitly. */
  BUCKET_CREATED,
  /** A bucket dropped. */
  BUCKET_DROPPED,
  /** Documents removed with their history. */
  PURGE;

  /** The word for documents and messages, for example {@code bucket-created}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
