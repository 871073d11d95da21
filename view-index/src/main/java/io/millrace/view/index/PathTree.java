package io.millrace.view.index;

import java.util.ArrayList;
import java.util.List;

/**
 * Several paths put together, so that one walk over a document finds the values of all.
 *
 * <p>A wildcard begins a scope: all paths that share their steps up to it share the scope, so that
 * their values come from the same element. Each path has a slot, and so has each scope, for its
 * array. Equal paths share a slot. Unchangeable after {@link #finish}.
 */
final class PathTree {
  private static final int NONE = -1;

  /** What is wanted below one value. */
  static final class Node {
    /** Where the value itself goes; negative when it is not wanted. */
    private int slot = NONE;

    private final List<PathStep> steps = new ArrayList<>();
    private final List<Node> children = new ArrayList<>();
    private Node[] members = {};
    private byte[][] names = {};
    private Node[] elements = {};
    private int[] indexes = {};
    private boolean fromEnd;

    int slot() {
      return slot;
    }

    /** The children that are members; each has its name at the same place in {@link #names}. */
    Node[] members() {
      return members;
    }

    byte[][] names() {
      return names;
    }

    /** The children that are elements; each has its index at the same place. */
    Node[] elements() {
      return elements;
    }

    int[] indexes() {
      return indexes;
    }

    /** Whether an index counts from the end. */
    boolean countsFromEnd() {
      return fromEnd;
    }

    private Node child(PathStep step) {
      int at = steps.indexOf(step);
      if (at >= 0) {
        return children.get(at);
      }
      Node made = new Node();
      steps.add(step);
      children.add(made);
      return made;
    }

    private void finish() {
      List<Node> named = new ArrayList<>();
      List<byte[]> utf8 = new ArrayList<>();
      List<Node> numbered = new ArrayList<>();
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < children.size(); i++) {
        PathStep step = steps.get(i);
        if (step.name() != null) {
          named.add(children.get(i));
          utf8.add(step.utf8());
        }
        if (step.isElement()) {
          numbered.add(children.get(i));
          numbers.add(step.index());
          fromEnd |= step.index() < 0;
        }
        children.get(i).finish();
      }
      members = named.toArray(new Node[0]);
      names = utf8.toArray(new byte[0][]);
      elements = numbered.toArray(new Node[0]);
      indexes = ints(numbers);
    }
  }

  /** The values below one element of an array, or below the document. */
  static final class Scope {
    private final Node root = new Node();
    private final int arraySlot;
    private final List<Integer> required = new ArrayList<>();
    private final List<Scope> inner = new ArrayList<>();
    private int[] requiredSlots = {};
    private int[] allSlots = {};
    private Scope[] inners = {};
    private boolean needed;

    private Scope(int arraySlot) {
      this.arraySlot = arraySlot;
    }

    Node root() {
      return root;
    }

    /** The slot of the array whose elements these are. */
    int arraySlot() {
      return arraySlot;
    }

    /** The slots of this scope itself without which there is no row. */
    int[] required() {
      return requiredSlots;
    }

    /** The slots of this scope and those within. */
    int[] allSlots() {
      return allSlots;
    }

    Scope[] inner() {
      return inners;
    }

    /** Whether there is no row without an element. */
    boolean isNeeded() {
      return needed;
    }

    private List<Integer> finish() {
      root.finish();
      List<Integer> all = new ArrayList<>();
      gather(root, all);
      needed = !required.isEmpty();
      for (Scope scope : inner) {
        all.addAll(scope.finish());
        needed |= scope.needed;
      }
      requiredSlots = ints(required);
      allSlots = ints(all);
      inners = inner.toArray(new Scope[0]);
      return all;
    }

    private static void gather(Node node, List<Integer> slots) {
      if (node.slot >= 0) {
        slots.add(node.slot);
      }
      node.children.forEach(child -> gather(child, slots));
    }
  }

  private final Scope document = new Scope(NONE);
  private int slots;

  /**
   * Adds a path into the body.
   *
   * @param required whether there is no row without a value there
   * @return its slot
   */
  int add(MemberPath path, boolean required) {
    Scope scope = document;
    Node at = scope.root;
    for (PathStep step : path.steps()) {
      if (step.isEach()) {
        scope = each(scope, at);
        at = scope.root;
      } else {
        at = at.child(step);
      }
    }
    int slot = slotOf(at);
    if (required && !scope.required.contains(slot)) {
      scope.required.add(slot);
    }
    return slot;
  }

  private Scope each(Scope scope, Node array) {
    int slot = slotOf(array);
    for (Scope there : scope.inner) {
      if (there.arraySlot == slot) {
        return there;
      }
    }
    Scope made = new Scope(slot);
    scope.inner.add(made);
    return made;
  }

  private int slotOf(Node node) {
    if (node.slot < 0) {
      node.slot = slots++;
    }
    return node.slot;
  }

  /** Ends adding. */
  void finish() {
    document.finish();
  }

  Scope document() {
    return document;
  }

  /** How many slots there are. */
  int slots() {
    return slots;
  }

  private static int[] ints(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }
}
