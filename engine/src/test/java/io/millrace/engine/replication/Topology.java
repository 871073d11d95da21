package io.millrace.engine.replication;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Who adds whom as a peer.
 *
 * @param size how many peers there are
 * @param edges who was added by whom, never a pair twice
 */
record Topology(int size, List<Edge> edges) {
  Topology {
    edges = List.copyOf(edges);
  }

  /** {@code from} adds {@code to}, and takes {@code selection} from it. */
  record Edge(int from, int to, boolean oneWay, Selection selection) {}

  /** What {@code to} takes from {@code from}, in the end. */
  record Flow(int from, int to, Selection selection) {}

  /** Everything flows from each to each other. */
  static Topology mesh(int size) {
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      for (int j = i + 1; j < size; j++) {
        edges.add(new Edge(i, j, false, Selection.ALL));
      }
    }
    return new Topology(size, edges);
  }

  /** Any topology. */
  static Topology any(RandomGenerator random, List<String> buckets) {
    int size = 2 + Math.min(random.nextInt(6), random.nextInt(6));
    Set<Set<Integer>> pairs = new HashSet<>();
    List<int[]> ordered = new ArrayList<>();
    int shape = random.nextInt(5);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        boolean joined =
            switch (shape) {
              case 0 -> j == i + 1;
              case 1 -> j == (i + 1) % size;
              case 2 -> i == 0;
              case 3 -> i < j;
              default -> j == i + 1 || random.nextInt(4) == 0;
            };
        if (joined && i != j && pairs.add(Set.of(i, j))) {
          ordered.add(random.nextBoolean() ? new int[] {i, j} : new int[] {j, i});
        }
      }
    }
    boolean plain = random.nextInt(3) > 0;
    List<Edge> edges = new ArrayList<>();
    for (int[] pair : ordered) {
      boolean oneWay = !plain && random.nextInt(4) == 0;
      Selection selection = plain ? Selection.ALL : selection(random, buckets);
      edges.add(new Edge(pair[0], pair[1], oneWay, selection));
      if (random.nextInt(6) == 0 && !oneWay && selection.equals(Selection.ALL)) {
        edges.add(new Edge(pair[1], pair[0], false, Selection.ALL));
      }
    }
    return new Topology(size, edges);
  }

  private static Selection selection(RandomGenerator random, List<String> buckets) {
    List<String> names =
        switch (random.nextInt(4)) {
          case 0 -> List.of(buckets.get(random.nextInt(buckets.size())));
          case 1 -> List.of("a*");
          default -> List.of();
        };
    return new Selection(names, random.nextInt(4) == 0);
  }

  /** What flows where, each once. */
  List<Flow> flows() {
    List<Flow> flows = new ArrayList<>();
    for (Edge edge : edges) {
      add(flows, new Flow(edge.to(), edge.from(), edge.selection()));
      if (!edge.oneWay()) {
        add(flows, new Flow(edge.from(), edge.to(), Selection.ALL));
      }
    }
    return flows;
  }

  private static void add(List<Flow> flows, Flow flow) {
    if (!flows.contains(flow)) {
      flows.add(flow);
    }
  }

  /** Whether everything in {@code bucket} gets from one peer to another in the end. */
  boolean[][] reach(String bucket) {
    boolean[][] reach = new boolean[size][size];
    for (int i = 0; i < size; i++) {
      reach[i][i] = true;
    }
    for (Flow flow : flows()) {
      reach[flow.from()][flow.to()] |= flow.selection().includes(bucket);
    }
    for (int k = 0; k < size; k++) {
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          reach[i][j] |= reach[i][k] && reach[k][j];
        }
      }
    }
    return reach;
  }
}
