package io.millrace.engine.index;

import io.millrace.api.document.Revision;
import io.millrace.api.error.CorruptionException;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.engine.revision.RevisionTree;
import io.millrace.engine.revision.RevisionTree.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts a document's revision tree together again from its history: from each leaf back along the
 * sequences of the parents, as deep as trees are kept.
 *
 * <p>Safe for use by many threads.
 */
public final class TreeLoader implements Transition.Past {
  private final DocumentIndex index;
  private final RecordReader records;
  private final int depth;

  /**
   * @param depth how many revisions of each branch are kept in a tree
   */
  public TreeLoader(DocumentIndex index, RecordReader records, int depth) {
    this.index = index;
    this.records = records;
    this.depth = depth;
  }

  @Override
  public RevisionTree tree(int bucket, String id, DocumentRow row) {
    List<Node> nodes = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < row.leaves().size(); i++) {
      long at = row.leaves().get(i).sequence();
      for (int steps = 0; at != 0 && steps < depth; steps++) {
        HistoryRow history = index.history(bucket, id, at);
        if (history == null) {
          throw new CorruptionException(
              "keyspace history", "there is no row for bucket " + bucket + " and sequence " + at);
        }
        if (seen.add(at)) {
          addNodes(nodes, bucket, id, at, history);
        }
        at = history.parentSequence();
      }
    }
    return RevisionTree.of(nodes).prune(depth);
  }

  private void addNodes(List<Node> nodes, int bucket, String id, long at, HistoryRow history) {
    Revision revision = history.revision();
    if (revision.generation() == 1) {
      nodes.add(new Node(revision, null, history.deleted(), at));
      return;
    }
    HistoryRow parent =
        history.parentSequence() == 0 ? null : index.history(bucket, id, history.parentSequence());
    if (parent != null && parent.revision().generation() == revision.generation() - 1) {
      nodes.add(new Node(revision, parent.revision(), history.deleted(), at));
      return;
    }
    // A revision from elsewhere, some of whose ancestors never came: their names are in its record.
    List<Revision> path = records.change(at).path();
    for (int i = 0; i < path.size(); i++) {
      Revision older = i + 1 < path.size() ? path.get(i + 1) : null;
      nodes.add(new Node(path.get(i), older, i == 0 && history.deleted(), i == 0 ? at : 0));
    }
  }

  @Override
  public int bodyBytes(long sequence) {
    StoredChange change = records.change(sequence);
    return change.body().length;
  }
}
