package io.millrace.api.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The revision tree of a document, as deep as trees are kept.
 *
 * @param winner the leaf that represents the document
 * @param deleted whether the winner is a tombstone
 * @param conflicts the other leaves that are not deleted, greatest first
 * @param revisions all that are known, greatest first
 */
public record DocumentTree(
    String id,
    Revision winner,
    boolean deleted,
    List<Revision> conflicts,
    List<KnownRevision> revisions) {
  /**
   * A revision of the tree.
   *
   * @param parent null for a first one, and where the tree ends
   * @param sequence the change that made it; 0 for one whose body never came here
   * @param deleted whether it is a tombstone
   * @param leaf whether none was made from it
   */
  public record KnownRevision(
      Revision revision, @Nullable Revision parent, long sequence, boolean deleted, boolean leaf) {}
}
