package io.millrace.engine.replication;

import io.millrace.api.document.Revision;
import java.util.List;

/**
 * A document that a source has, by the names of its leaves; of a full history, by one revision.
 *
 * @param bucket the name of its bucket
 * @param id the document
 * @param revisions what can be had
 */
public record OfferedDocument(String bucket, String id, List<Offered> revisions) {
  public OfferedDocument {
    revisions = List.copyOf(revisions);
  }

  /**
   * A revision that can be had.
   *
   * @param sequence where the source's log has it
   */
  public record Offered(Revision revision, long sequence) {}
}
