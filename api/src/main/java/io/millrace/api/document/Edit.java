package io.millrace.api.document;

import java.util.List;

/** One document's part in a commit that is asked for. */
public sealed interface Edit {
  /** The name of the bucket. */
  String bucket();

  /** The document within the bucket; empty for an edit that names none. */
  String id();

  /** Replaces the body. */
  record Put(String bucket, String id, Base base, Body body) implements Edit {}

  /** Leaves a tombstone. Refused when there is no live document, whatever the base. */
  record Delete(String bucket, String id, Base base) implements Edit {}

  /**
   * Replaces the body by what is computed from the present one. The writer calls the transformation
   * between other commits, so nothing can come between reading and writing. Refused when there is
   * no live document.
   */
  record Transform(String bucket, String id, Base base, Transformation transformation)
      implements Edit {}

  /**
   * Changes nothing, but lets the whole commit be refused when the document is not what {@code
   * base} says: {@link Base.Leaf} names what must be its winner, and {@link Base#absent()} says
   * that there must be no live document. Takes no sequence.
   */
  record Check(String bucket, String id, Base base) implements Edit {}

  /**
   * Changes nothing, but lets the whole commit be refused when the newest change of the bucket is
   * not the one at {@code sequence}, as {@link io.millrace.api.BucketInfo#sequence()} tells it; 0
   * says that there must be no bucket. Sequences are those of the whole database, so a bucket that
   * was dropped and made again is never taken for what it was. Takes no sequence.
   */
  record Unchanged(String bucket, long sequence) implements Edit {
    @Override
    public String id() {
      return "";
    }
  }

  /**
   * Removes the document with its whole history, outright. Refused when there never was one. Only
   * in a commit of the kind {@link CommitKind#PURGE}, which has no other edits.
   */
  record Purge(String bucket, String id) implements Edit {}

  /**
   * Inserts a revision made elsewhere, with its ancestry; never conflicts.
   *
   * @param path the revision, its parent, its parent's parent and so on, as far as known;
   *     generations fall by one at each step
   * @param deleted whether the revision is a tombstone
   */
  record Insert(String bucket, String id, List<Revision> path, boolean deleted, Body body)
      implements Edit {
    public Insert {
      path = List.copyOf(path);
      if (path.isEmpty()) {
        throw new IllegalArgumentException("a path holds at least the revision itself");
      }
      for (int i = 1; i < path.size(); i++) {
        if (path.get(i).generation() != path.get(i - 1).generation() - 1) {
          throw new IllegalArgumentException("generations must fall by one along a path: " + path);
        }
      }
    }
  }

  /** Computes a new body. Pure, quick, and called on the writer's thread. */
  @FunctionalInterface
  interface Transformation {
    /**
     * The new body.
     *
     * @throws TransformationRefusedException when the present body does not allow it
     */
    Body apply(Body present);
  }
}
