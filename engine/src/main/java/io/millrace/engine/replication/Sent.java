package io.millrace.engine.replication;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.Revision;
import java.util.List;

/**
 * A revision that a source sends.
 *
 * @param sequence where the source's log has it
 * @param bucket the name of its bucket
 * @param id the document
 * @param path the revision, then its ancestors, parent first, as far as needed and known
 * @param deleted whether it is a tombstone
 * @param body what it says
 * @param attribution who wrote it and why, and where and when first: an origin is always there
 */
public record Sent(
    long sequence,
    String bucket,
    String id,
    List<Revision> path,
    boolean deleted,
    Body body,
    Attribution attribution) {
  public Sent {
    path = List.copyOf(path);
    if (path.isEmpty() || attribution.origin() == null) {
      throw new IllegalArgumentException("a revision without a name or an origin");
    }
  }

  /** Its name. */
  public Revision revision() {
    return path.get(0);
  }
}
