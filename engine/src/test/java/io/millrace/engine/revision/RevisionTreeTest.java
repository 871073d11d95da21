package io.millrace.engine.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.document.Revision;
import io.millrace.engine.revision.RevisionTree.Node;
import io.millrace.tck.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RevisionTreeTest {
  private static final int ROUNDS = 300;

  private final Seed seed = Seed.next();
  private final Random random = seed.random();

  /** Revisions that fit together, each after its parent. */
  private List<Node> universe() {
    List<Node> all = new ArrayList<>();
    int size = 1 + random.nextInt(40);
    for (int i = 0; i < size; i++) {
      Node parent =
          all.isEmpty() || random.nextInt(20) == 0
              ? null
              : all.get(Math.max(0, all.size() - 1 - random.nextInt(4)));
      int generation = parent == null ? 1 : parent.revision().generation() + 1;
      Revision revision = new Revision(generation, random.nextInt(3) - 1, random.nextLong());
      all.add(
          new Node(
              revision, parent == null ? null : parent.revision(), random.nextInt(4) == 0, i + 1));
    }
    return all;
  }

  private List<Revision> path(List<Node> universe, Node of, int atMost) {
    List<Revision> path = new ArrayList<>();
    Node at = of;
    while (at != null && path.size() < atMost) {
      path.add(at.revision());
      Revision parent = at.parent();
      at = universe.stream().filter(each -> each.revision().equals(parent)).findAny().orElse(null);
    }
    return path;
  }

  private RevisionTree someOf(List<Node> universe) {
    RevisionTree tree = RevisionTree.empty();
    for (int i = random.nextInt(10); i > 0; i--) {
      Node node = universe.get(random.nextInt(universe.size()));
      tree =
          tree.insert(path(universe, node, 1 + random.nextInt(6)), node.deleted(), node.sequence());
    }
    return tree;
  }

  @Test
  void mergingIsCommutativeAssociativeAndIdempotent() {
    for (int round = 0; round < ROUNDS; round++) {
      List<Node> universe = universe();
      RevisionTree a = someOf(universe);
      RevisionTree b = someOf(universe);
      RevisionTree c = someOf(universe);
      assertThat(a.merge(b)).as("%s", seed).isEqualTo(b.merge(a));
      assertThat(a.merge(b).merge(c)).as("%s", seed).isEqualTo(a.merge(b.merge(c)));
      assertThat(a.merge(a)).as("%s", seed).isEqualTo(a);
      assertThat(a.merge(b).merge(b)).as("%s", seed).isEqualTo(a.merge(b));
      assertThat(a.merge(RevisionTree.empty())).as("%s", seed).isEqualTo(a);
    }
  }

  @Test
  void theOrderOfInsertionsIsIgnored() {
    for (int round = 0; round < ROUNDS; round++) {
      List<Node> universe = universe();
      List<List<Revision>> paths = new ArrayList<>();
      List<Node> shuffled = new ArrayList<>(universe);
      for (Node node : universe) {
        paths.add(path(universe, node, 1 + random.nextInt(6)));
      }
      RevisionTree first = RevisionTree.empty();
      for (int i = 0; i < universe.size(); i++) {
        Node node = universe.get(i);
        first = first.insert(paths.get(i), node.deleted(), node.sequence());
      }
      Collections.shuffle(shuffled, random);
      RevisionTree other = RevisionTree.empty();
      for (Node node : shuffled) {
        List<Revision> path = paths.get(universe.indexOf(node));
        other = other.insert(path, node.deleted(), node.sequence());
        assertThat(other.insert(path, node.deleted(), 1_000)).as("%s", seed).isEqualTo(other);
      }
      assertThat(other).as("%s", seed).isEqualTo(first);
      assertThat(other.leaves().winner()).isEqualTo(first.leaves().winner());
    }
  }

  @Test
  void theWinnerIsLiveThenHighestGenerationThenHighestDigest() {
    for (int round = 0; round < ROUNDS; round++) {
      List<Node> universe = universe();
      Leaves leaves = RevisionTree.of(universe).leaves();
      Leaf winner = leaves.winner();
      for (int i = 1; i < leaves.size(); i++) {
        Leaf other = leaves.get(i);
        assertThat(winner.deleted() && !other.deleted()).as("%s", seed).isFalse();
        if (winner.deleted() == other.deleted()) {
          assertThat(winner.revision()).as("%s", seed).isGreaterThan(other.revision());
        }
      }
      long live = 0;
      for (int i = 0; i < leaves.size(); i++) {
        live += leaves.get(i).deleted() ? 0 : 1;
      }
      assertThat(leaves.live()).isEqualTo(live > 0);
      assertThat(leaves.conflicts()).hasSize((int) Math.max(0, live - 1));
      assertThat(leaves.conflicts()).isSortedAccordingTo(Collections.reverseOrder());
    }
  }

  @Test
  void digestsAreComparedWithoutSign() {
    Leaf high = new Leaf(new Revision(1, -1, 0), false, 1);
    Leaf low = new Leaf(new Revision(1, 1, 0), false, 2);
    assertThat(Leaves.of(List.of(low, high)).winner()).isEqualTo(high);
  }

  @Test
  void pruningKeepsLeavesAndAtMostTheDepth() {
    for (int round = 0; round < ROUNDS; round++) {
      RevisionTree tree = RevisionTree.of(universe());
      int depth = 1 + random.nextInt(5);
      RevisionTree pruned = tree.prune(depth);
      assertThat(pruned.leaves()).as("%s", seed).isEqualTo(tree.leaves());
      assertThat(pruned.prune(depth)).as("%s", seed).isEqualTo(pruned);
      Set<Revision> wanted = new HashSet<>();
      for (int i = 0; i < tree.leaves().size(); i++) {
        List<Revision> ancestry = tree.ancestry(tree.leaves().get(i).revision());
        wanted.addAll(ancestry.subList(0, Math.min(depth, ancestry.size())));
      }
      assertThat(pruned.nodes())
          .as("%s", seed)
          .extracting(Node::revision)
          .containsExactlyInAnyOrderElementsOf(wanted);
    }
    assertThatThrownBy(() -> RevisionTree.empty().prune(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void leavesGrowAsTheTreeDoes() {
    for (int round = 0; round < ROUNDS; round++) {
      RevisionTree tree = RevisionTree.empty();
      Leaves leaves = Leaves.none();
      for (int sequence = 1; sequence < 30; sequence++) {
        Revision parent =
            leaves.isEmpty() || random.nextInt(8) == 0
                ? null
                : leaves.get(random.nextInt(leaves.size())).revision();
        int generation = parent == null ? 1 : parent.generation() + 1;
        Revision revision = new Revision(generation, random.nextLong(), random.nextLong());
        boolean deleted = random.nextInt(4) == 0;
        List<Revision> path = parent == null ? List.of(revision) : List.of(revision, parent);
        tree = tree.insert(path, deleted, sequence);
        leaves = leaves.grow(parent, new Leaf(revision, deleted, sequence));
        assertThat(leaves).as("%s", seed).isEqualTo(tree.leaves());
      }
    }
  }

  @Test
  void theLeavesDecideOnlyWhereTheTreeCannotKnowMore() {
    Revision one = new Revision(1, 1, 1);
    Revision two = new Revision(2, 2, 2);
    Leaves single = Leaves.of(List.of(new Leaf(one, false, 1)));
    Leaves several =
        Leaves.of(List.of(new Leaf(one, false, 1), new Leaf(new Revision(3, 3, 3), false, 2)));
    assertThat(Leaves.none().decide(List.of(two, one))).isTrue();
    assertThat(single.decide(List.of(two, one))).isTrue();
    assertThat(single.decide(List.of(two))).isFalse();
    assertThat(single.decide(List.of(two, new Revision(1, 7, 7)))).isFalse();
    assertThat(several.decide(List.of(two, one))).isFalse();
  }

  @Test
  void anAncestryThatComesLaterJoinsWhatIsThere() {
    Revision one = new Revision(1, 1, 1);
    Revision two = new Revision(2, 2, 2);
    RevisionTree apart =
        RevisionTree.empty().insert(List.of(one), false, 1).insert(List.of(two), false, 2);
    assertThat(apart.leaves().size()).isEqualTo(2);
    RevisionTree joined = apart.insert(List.of(two, one), false, 3);
    assertThat(joined.leaves().size()).isEqualTo(1);
    assertThat(joined.node(two)).isEqualTo(new Node(two, one, false, 2));
    assertThat(joined.insert(List.of(two, one), false, 4)).isSameAs(joined);
  }

  /** As a peer could send it whose revisions are no digests. */
  @Test
  void aSecondParentIsNoLeafAndNeverWins() {
    Revision child = new Revision(2, 1, 1);
    Revision one = new Revision(1, 9, 9);
    Revision other = new Revision(1, 8, 8);
    RevisionTree tree = RevisionTree.empty().insert(List.of(child, one), true, 1);
    RevisionTree contradicted =
        tree.merge(RevisionTree.empty().insert(List.of(child, other), true, 2));
    assertThat(contradicted.leaves().size()).isEqualTo(1);
    assertThat(contradicted.leaves().get(0).revision()).isEqualTo(child);
    assertThat(contradicted.leaves().get(0).sequence()).isEqualTo(1);
  }
}
