package io.millrace.api;

import java.util.List;

/**
 * What a rollback did, or would do.
 *
 * @param first the sequence of the first record of its commit; 0 when there is none yet
 * @param sequence the sequence of the last record of its commit; 0 when there is none yet
 * @param created how many documents exist again
 * @param updated how many have an earlier body again
 * @param deleted how many were made later, and are deleted now
 * @param dropped the names of buckets that were made later, and are gone now with all that was in
 *     them, which is not counted
 * @param revived the names of buckets that had been dropped, and are there again with all that was
 *     in them, which is not counted
 */
public record RolledBack(
    long first,
    long sequence,
    long created,
    long updated,
    long deleted,
    List<String> dropped,
    List<String> revived) {
  public RolledBack {
    dropped = List.copyOf(dropped);
    revived = List.copyOf(revived);
  }

  /** How many documents are not what they were before. */
  public long changed() {
    return created + updated + deleted;
  }
}
