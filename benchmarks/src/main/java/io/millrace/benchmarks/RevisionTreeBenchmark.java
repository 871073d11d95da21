package io.millrace.benchmarks;

import io.millrace.api.document.Revision;
import io.millrace.engine.revision.Leaf;
import io.millrace.engine.revision.Leaves;
import io.millrace.engine.revision.RevisionDigest;
import io.millrace.engine.revision.RevisionTree;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What revisions cost: the leaves that an ordinary edit needs, and the whole trees that a foreign
 * revision needs, at the depth to which trees are pruned.
 */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
@State(Scope.Benchmark)
public class RevisionTreeBenchmark {
  private static final int DEPTH = 1000;
  private static final int CONFLICTS = 10;

  private final SplittableRandom random = new SplittableRandom(1);
  private final RevisionDigest digest = new RevisionDigest();
  private final byte[] body = new byte[200];

  private Revision head = new Revision(DEPTH, 0, 0);
  private Leaf grown = new Leaf(head, false, 1);
  private Leaves single = Leaves.none();
  private Leaves conflicted = Leaves.none();
  private RevisionTree full = RevisionTree.empty();
  private RevisionTree overfull = RevisionTree.empty();
  private List<Revision> foreignPath = List.of();

  @Setup
  public void grow() {
    List<RevisionTree.Node> nodes = new ArrayList<>();
    List<Revision> line = new ArrayList<>();
    for (int generation = 1; generation <= DEPTH + 1; generation++) {
      Revision revision = new Revision(generation, random.nextLong(), random.nextLong());
      Revision parent = line.isEmpty() ? null : line.get(line.size() - 1);
      nodes.add(new RevisionTree.Node(revision, parent, false, generation));
      line.add(revision);
    }
    full = RevisionTree.of(nodes.subList(0, DEPTH));
    overfull = RevisionTree.of(nodes);
    head = line.get(DEPTH - 1);
    grown = new Leaf(line.get(DEPTH), false, DEPTH + 1);
    single = Leaves.of(List.of(new Leaf(head, false, DEPTH)));
    List<Leaf> leaves = new ArrayList<>(List.of(new Leaf(head, false, DEPTH)));
    for (int i = 0; i < CONFLICTS; i++) {
      Revision rival = new Revision(DEPTH - i, random.nextLong(), random.nextLong());
      leaves.add(new Leaf(rival, false, i + 1));
    }
    conflicted = Leaves.of(leaves);
    // A branch of ten edits made elsewhere, from half-way down.
    List<Revision> path = new ArrayList<>();
    for (int generation = DEPTH / 2 + 10; generation > DEPTH / 2; generation--) {
      path.add(new Revision(generation, random.nextLong(), random.nextLong()));
    }
    path.add(line.get(DEPTH / 2 - 1));
    foreignPath = List.copyOf(path);
  }

  @Benchmark
  public Revision nextRevision() {
    return digest.next(head, false, body);
  }

  @Benchmark
  public Leaves growSingle() {
    return single.grow(head, grown);
  }

  @Benchmark
  public Leaves growConflicted() {
    return conflicted.grow(head, grown);
  }

  @Benchmark
  public RevisionTree insertForeignPath() {
    return full.insert(foreignPath, false, DEPTH + 1);
  }

  @Benchmark
  public Leaves leavesOfTree() {
    return full.leaves();
  }

  @Benchmark
  public RevisionTree pruneByOne() {
    return overfull.prune(DEPTH);
  }

  @Benchmark
  public RevisionTree pruneNothing() {
    return full.prune(DEPTH);
  }
}
