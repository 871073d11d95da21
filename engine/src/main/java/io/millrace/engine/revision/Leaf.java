package io.millrace.engine.revision;

import io.millrace.api.document.Revision;

/**
 * A revision that no other was made from.
 *
 * <p>Ordered by who wins: what is not deleted before what is, then the higher generation, then the
 * higher digest. The sequence plays no part, so peers that know the same leaves agree.
 *
 * @param sequence where this database's log has its body
 */
public record Leaf(Revision revision, boolean deleted, long sequence) implements Comparable<Leaf> {
  @Override
  public int compareTo(Leaf other) {
    int order = Boolean.compare(deleted, other.deleted);
    return order == 0 ? other.revision.compareTo(revision) : order;
  }
}
