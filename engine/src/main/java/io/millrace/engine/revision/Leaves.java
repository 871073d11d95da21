package io.millrace.engine.revision;

import io.millrace.api.document.Revision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The leaves of a revision tree, the winner first: all that must be known to accept an edit,
 * however long the document's past is.
 *
 * <p>Immutable.
 */
public final class Leaves {
  private static final Leaves NONE = new Leaves(new Leaf[0]);

  private final Leaf[] ordered;

  private Leaves(Leaf[] ordered) {
    this.ordered = ordered;
  }

  /** The leaves of a document that never was. */
  public static Leaves none() {
    return NONE;
  }

  /** These leaves, in whatever order they are given. */
  public static Leaves of(List<Leaf> leaves) {
    Leaf[] ordered = leaves.toArray(new Leaf[0]);
    if (ordered.length > 1) {
      Arrays.sort(ordered);
    }
    return new Leaves(ordered);
  }

  /** Whether there is no leaf. */
  public boolean isEmpty() {
    return ordered.length == 0;
  }

  /** How many leaves there are. */
  public int size() {
    return ordered.length;
  }

  /** The leaf at {@code index}; 0 is the winner. */
  public Leaf get(int index) {
    return ordered[index];
  }

  /** The leaf that represents the document; null when there is none. */
  public @Nullable Leaf winner() {
    return ordered.length == 0 ? null : ordered[0];
  }

  /** Whether the document can be read: there is a winner, and it is no tombstone. */
  public boolean live() {
    return ordered.length > 0 && !ordered[0].deleted();
  }

  /** The leaf {@code revision}; null when it is none. */
  public @Nullable Leaf find(Revision revision) {
    for (Leaf leaf : ordered) {
      if (leaf.revision().equals(revision)) {
        return leaf;
      }
    }
    return null;
  }

  /** The leaves that lost but are not deleted, greatest first. */
  public List<Revision> conflicts() {
    if (ordered.length < 2) {
      return List.of();
    }
    List<Revision> conflicts = new ArrayList<>(ordered.length - 1);
    for (int i = 1; i < ordered.length && !ordered[i].deleted(); i++) {
      conflicts.add(ordered[i].revision());
    }
    return List.copyOf(conflicts);
  }

  /**
   * Whether the leaves alone tell what becomes of them when {@code path} is added: there is none,
   * or the only one is the parent. Otherwise the tree must be asked: the revision may be an
   * ancestor of a leaf whose own ancestry came without it.
   *
   * @param path a revision, then its ancestors, newest first
   */
  public boolean decide(List<Revision> path) {
    return ordered.length == 0
        || ordered.length == 1 && path.size() > 1 && ordered[0].revision().equals(path.get(1));
  }

  /**
   * These leaves after {@code leaf} was made from {@code parent}: in its place when the parent is a
   * leaf, beside the others when it is not.
   */
  public Leaves grow(@Nullable Revision parent, Leaf leaf) {
    if (ordered.length == 0) {
      return new Leaves(new Leaf[] {leaf});
    }
    if (ordered.length == 1 && ordered[0].revision().equals(parent)) {
      return new Leaves(new Leaf[] {leaf});
    }
    List<Leaf> grown = new ArrayList<>(ordered.length + 1);
    for (Leaf present : ordered) {
      if (!present.revision().equals(parent)) {
        grown.add(present);
      }
    }
    grown.add(leaf);
    return of(grown);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Leaves leaves && Arrays.equals(ordered, leaves.ordered);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ordered);
  }

  @Override
  public String toString() {
    return Arrays.toString(ordered);
  }
}
