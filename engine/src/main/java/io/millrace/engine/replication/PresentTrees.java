package io.millrace.engine.replication;

import io.millrace.api.error.MillraceException;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentKey;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.index.TreeLoader;
import io.millrace.engine.revision.RevisionTree;
import org.jspecify.annotations.Nullable;

/**
 * The revision trees of documents, some of which may be purged while they are put together. Safe
 * for use by many threads.
 */
final class PresentTrees {
  private final DocumentIndex index;
  private final TreeLoader trees;

  PresentTrees(DocumentIndex index, TreeLoader trees) {
    this.index = index;
    this.trees = trees;
  }

  /** The tree of a document as it is now; an empty one when there is none. */
  RevisionTree of(DocumentKey key) {
    return of(key, index.row(key.bucket(), key.id()));
  }

  /**
   * The tree behind {@code row}, or what took its place.
   *
   * @throws MillraceException when there should be one and is not
   */
  RevisionTree of(DocumentKey key, @Nullable DocumentRow row) {
    DocumentRow seen = row;
    while (seen != null) {
      try {
        return trees.tree(key.bucket(), key.id(), seen);
      } catch (MillraceException e) {
        DocumentRow now = index.row(key.bucket(), key.id());
        if (seen.equals(now)) {
          throw e;
        }
        seen = now;
      }
    }
    return RevisionTree.empty();
  }
}
