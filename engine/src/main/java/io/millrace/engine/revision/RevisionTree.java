package io.millrace.engine.revision;

import io.millrace.api.document.Revision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The states that one document has had, each with the one it was made from.
 *
 * <p>Strictly a forest: what was pruned, or never known, leaves several roots. Merging is
 * commutative, associative and idempotent; the winner depends on the set of leaves alone; pruning
 * never loses a leaf. The model is CouchDB's.
 *
 * <p>Immutable.
 */
public final class RevisionTree {
  private static final RevisionTree EMPTY = new RevisionTree(new TreeMap<>());

  private final TreeMap<Revision, Node> nodes;

  private RevisionTree(TreeMap<Revision, Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * One state.
   *
   * @param parent null for a root
   * @param deleted whether it is a tombstone; false for a stub, of which that is not known
   * @param sequence where this database's log has its body; 0 for a stub
   */
  public record Node(Revision revision, @Nullable Revision parent, boolean deleted, long sequence) {
    /** Whether only the name is known, the body never came or is gone. */
    public boolean stub() {
      return sequence == 0;
    }
  }

  /** The tree of a document that never was. */
  public static RevisionTree empty() {
    return EMPTY;
  }

  /**
   * The tree of {@code nodes}; of several that describe one revision, what they know is put
   * together.
   */
  public static RevisionTree of(Iterable<Node> nodes) {
    TreeMap<Revision, Node> all = new TreeMap<>();
    nodes.forEach(node -> all.merge(node.revision(), node, RevisionTree::combined));
    return new RevisionTree(all);
  }

  /**
   * This tree and a revision with its ancestry.
   *
   * @param path the revision, its parent, its parent's parent, as far as known
   * @param sequence where the log has the revision's body
   * @return this very tree when the revision is known with its body and its parent
   */
  public RevisionTree insert(List<Revision> path, boolean deleted, long sequence) {
    Node known = nodes.get(path.get(0));
    if (known != null && !known.stub() && (known.parent() != null || path.size() == 1)) {
      return this;
    }
    List<Node> more = new ArrayList<>(path.size());
    for (int i = 0; i < path.size(); i++) {
      Revision parent = i + 1 < path.size() ? path.get(i + 1) : null;
      more.add(new Node(path.get(i), parent, i == 0 && deleted, i == 0 ? sequence : 0));
    }
    return merge(of(more));
  }

  /** What this tree and {@code other} know together. */
  public RevisionTree merge(RevisionTree other) {
    TreeMap<Revision, Node> all = new TreeMap<>(nodes);
    other.nodes.values().forEach(node -> all.merge(node.revision(), node, RevisionTree::combined));
    return new RevisionTree(all);
  }

  private static Node combined(Node one, Node other) {
    Node fuller = one.stub() || (!other.stub() && other.sequence() < one.sequence()) ? other : one;
    Node emptier = fuller == one ? other : one;
    return fuller.parent() == null && emptier.parent() != null
        ? new Node(fuller.revision(), emptier.parent(), fuller.deleted(), fuller.sequence())
        : fuller;
  }

  /** The node called {@code revision}; null when it is not known. */
  public @Nullable Node node(Revision revision) {
    return nodes.get(revision);
  }

  /** All nodes, in the order of their revisions. */
  public List<Node> nodes() {
    return List.copyOf(nodes.values());
  }

  /** Whether {@code revision} is known, its body or only its name. */
  public boolean contains(Revision revision) {
    return nodes.containsKey(revision);
  }

  /**
   * The leaves, the winner first. A stub is none: it is known as an ancestor alone, and where it
   * has no child, somebody named two parents for one revision.
   */
  public Leaves leaves() {
    Set<Revision> parents = new HashSet<>();
    for (Node node : nodes.values()) {
      if (node.parent() != null) {
        parents.add(node.parent());
      }
    }
    List<Leaf> leaves = new ArrayList<>();
    for (Node node : nodes.values()) {
      if (!node.stub() && !parents.contains(node.revision())) {
        leaves.add(new Leaf(node.revision(), node.deleted(), node.sequence()));
      }
    }
    return Leaves.of(leaves);
  }

  /** {@code revision} and what it was made from, newest first, as far as known. */
  public List<Revision> ancestry(Revision revision) {
    List<Revision> path = new ArrayList<>();
    Node node = nodes.get(revision);
    while (node != null) {
      path.add(node.revision());
      node = node.parent() == null ? null : nodes.get(node.parent());
    }
    return Collections.unmodifiableList(path);
  }

  /**
   * This tree without what lies {@code depth} or more edits before every leaf.
   *
   * @param depth how many revisions of each branch are kept, 1 or more
   */
  public RevisionTree prune(int depth) {
    if (depth < 1) {
      throw new IllegalArgumentException("depth " + depth + " is below 1");
    }
    Map<Revision, Integer> reach = new HashMap<>();
    Leaves leaves = leaves();
    for (int i = 0; i < leaves.size(); i++) {
      Revision at = leaves.get(i).revision();
      int remaining = depth;
      // Stops where another branch has already kept at least as many ancestors.
      while (at != null && remaining > 0 && reach.getOrDefault(at, 0) < remaining) {
        reach.put(at, remaining--);
        Node node = nodes.get(at);
        at = node == null ? null : node.parent();
      }
    }
    if (reach.keySet().containsAll(nodes.keySet())) {
      return this;
    }
    TreeMap<Revision, Node> kept = new TreeMap<>();
    for (Node node : nodes.values()) {
      if (reach.containsKey(node.revision())) {
        boolean orphan = node.parent() != null && !reach.containsKey(node.parent());
        kept.put(
            node.revision(),
            orphan ? new Node(node.revision(), null, node.deleted(), node.sequence()) : node);
      }
    }
    return new RevisionTree(kept);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RevisionTree tree && nodes.equals(tree.nodes);
  }

  @Override
  public int hashCode() {
    return nodes.hashCode();
  }

  @Override
  public String toString() {
    return nodes.values().toString();
  }
}
