package io.millrace.engine.index;

import io.millrace.api.document.Revision;
import io.millrace.api.error.CorruptionException;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.revision.RevisionTree;
import io.millrace.engine.revision.RevisionTree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
    Map<Long, HistoryRow> chains = new TreeMap<>();
    boolean whole = true;
    for (int i = 0; i < row.leaves().size(); i++) {
      whole &= follow(bucket, id, row.leaves().get(i).sequence(), chains);
    }
    Map<Long, HistoryRow> rows = whole ? chains : index.historyOf(bucket, id);
    List<Node> nodes = new ArrayList<>();
    for (Map.Entry<Long, HistoryRow> change : rows.entrySet()) {
      addNodes(nodes, change.getKey(), change.getValue(), rows, whole);
    }
    return RevisionTree.of(nodes).prune(depth);
  }

  /**
   * Adds the changes that led to {@code leaf}.
   *
   * @return whether they reach back to a first revision, or as deep as trees are kept. Where they
   *     do not, some ancestry came late or never, and other changes may know more of it
   */
  private boolean follow(int bucket, String id, long leaf, Map<Long, HistoryRow> chains) {
    long at = leaf;
    HistoryRow last = null;
    for (int steps = 0; steps < depth && at != 0; steps++) {
      HistoryRow known = chains.get(at);
      HistoryRow history = known == null ? index.history(bucket, id, at) : known;
      if (history == null) {
        throw new CorruptionException(
            "keyspace history", "there is no row for bucket " + bucket + " and sequence " + at);
      }
      if (last != null && history.revision().generation() != last.revision().generation() - 1) {
        return false;
      }
      chains.put(at, history);
      last = history;
      at = history.parentSequence();
    }
    return at != 0 || last == null || last.revision().generation() == 1;
  }

  private void addNodes(
      List<Node> nodes, long at, HistoryRow history, Map<Long, HistoryRow> rows, boolean whole) {
    Revision revision = history.revision();
    HistoryRow parent = rows.get(history.parentSequence());
    boolean follows = parent != null && parent.revision().generation() == revision.generation() - 1;
    if (whole || revision.generation() == 1 || follows && !history.ancestry()) {
      Revision older = parent == null ? null : parent.revision();
      nodes.add(new Node(revision, older, history.deleted(), at));
      return;
    }
    // A revision from elsewhere: the names of its ancestors are in its record.
    List<Revision> path = records.change(at).path();
    for (int i = 0; i < path.size(); i++) {
      Revision older = i + 1 < path.size() ? path.get(i + 1) : null;
      nodes.add(new Node(path.get(i), older, i == 0 && history.deleted(), i == 0 ? at : 0));
    }
  }

  @Override
  public int bodyBytes(long sequence) {
    return records.change(sequence).bodyBytes();
  }
}
