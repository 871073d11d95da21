package io.millrace.engine.index;

import io.millrace.api.document.Revision;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.engine.revision.Leaf;
import io.millrace.engine.revision.Leaves;
import io.millrace.engine.revision.RevisionTree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one change does to the index row of its document. The writer and recovery compute it in this
 * one place, so an index that was built again is the same.
 *
 * @param before null when there was no document
 * @param parentSequence the change that made the nearest known ancestor; 0 when there is none
 */
public record Transition(
    long sequence,
    StoredChange change,
    @Nullable DocumentRow before,
    DocumentRow after,
    long parentSequence) {

  /** Where a transition looks when the leaves alone do not tell enough, which is rare. */
  public interface Past {
    /** The tree behind {@code row}, as deep as trees are kept. */
    RevisionTree tree(int bucket, String id, DocumentRow row);

    /** The length of the body of the change at {@code sequence}. */
    int bodyBytes(long sequence);
  }

  /** The transition that {@code change} makes of {@code before}. */
  public static Transition of(
      long sequence, StoredChange change, @Nullable DocumentRow before, Past past) {
    return of(sequence, change, change.bodyBytes(), before, past);
  }

  /**
   * The same for a change whose body is not at hand.
   *
   * @param bodyBytes the length of its body
   */
  public static Transition of(
      long sequence, StoredChange change, int bodyBytes, @Nullable DocumentRow before, Past past) {
    if (change.purge()) {
      return purge(sequence, change, before);
    }
    Leaf leaf = new Leaf(change.revision(), change.deleted(), sequence);
    Leaves known = before == null ? Leaves.none() : before.leaves();
    Revision parent = change.parent();
    Leaves leaves;
    long parentSequence;
    if (before == null || known.decide(change.path())) {
      Leaf parentLeaf = parent == null ? null : known.find(parent);
      leaves = known.grow(parent, leaf);
      parentSequence = parentLeaf == null ? 0 : parentLeaf.sequence();
    } else {
      RevisionTree tree = past.tree(change.bucket(), change.id(), before);
      leaves = tree.insert(change.path(), change.deleted(), sequence).leaves();
      parentSequence = nearestKnown(tree, change.path());
    }
    return new Transition(
        sequence,
        change,
        before,
        new DocumentRow(leaves, sequence, winnerBytes(leaves, leaf, bodyBytes, before, past)),
        parentSequence);
  }

  /** The transition after which the document never was. */
  public static Transition purge(long sequence, StoredChange change, @Nullable DocumentRow before) {
    return new Transition(sequence, change, before, new DocumentRow(Leaves.none(), sequence, 0), 0);
  }

  /** Whether nothing is left of the document. */
  boolean purges() {
    return change.purge();
  }

  private static long nearestKnown(RevisionTree tree, List<Revision> path) {
    for (Revision ancestor : path.subList(1, path.size())) {
      RevisionTree.Node node = tree.node(ancestor);
      if (node != null && !node.stub()) {
        return node.sequence();
      }
    }
    return 0;
  }

  private static int winnerBytes(
      Leaves leaves, Leaf leaf, int bodyBytes, @Nullable DocumentRow before, Past past) {
    Leaf winner = leaves.get(0);
    if (winner.equals(leaf)) {
      return bodyBytes;
    }
    if (before != null && winner.equals(before.winner())) {
      return before.winnerBytes();
    }
    return past.bodyBytes(winner.sequence());
  }

  HistoryRow historyRow() {
    return new HistoryRow(
        change.revision(),
        change.deleted(),
        change.path().size() > 2,
        parentSequence,
        after.winner().sequence());
  }
}
