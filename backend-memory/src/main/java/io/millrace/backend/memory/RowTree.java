package io.millrace.backend.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted tree of rows; null is the empty one. A change makes a new tree that shares
 * all but a path with the old one, so a snapshot is a reference.
 *
 * <p>It is a treap (Seidel and Aragon, "Randomized Search Trees", 1996): ordered by key from left
 * to right and by random priority from top to bottom, which keeps it balanced whatever the order of
 * the keys, so that everything here takes a time logarithmic in the number of rows.
 *
 * @param priority random, fixed for the life of the row
 * @param bytes of the keys and values of the whole tree
 */
@SuppressWarnings("ArrayRecordComponent")
record RowTree(
    byte[] key,
    byte[] value,
    int priority,
    long bytes,
    @Nullable RowTree left,
    @Nullable RowTree right) {

  /** The lower and the higher part of a tree. */
  private record Parts(@Nullable RowTree lower, @Nullable RowTree higher) {}

  private static RowTree node(
      byte[] key, byte[] value, int priority, @Nullable RowTree left, @Nullable RowTree right) {
    return new RowTree(
        key,
        value,
        priority,
        (long) key.length + value.length + bytes(left) + bytes(right),
        left,
        right);
  }

  static long bytes(@Nullable RowTree tree) {
    return tree == null ? 0 : tree.bytes;
  }

  static byte @Nullable [] get(@Nullable RowTree tree, byte[] key) {
    RowTree node = tree;
    while (node != null) {
      int order = Arrays.compareUnsigned(key, node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  /** With {@code value} at {@code key}; keeps both arrays. */
  static RowTree put(@Nullable RowTree tree, byte[] key, byte[] value, int priority) {
    if (tree == null) {
      return node(key, value, priority, null, null);
    }
    int order = Arrays.compareUnsigned(key, tree.key);
    if (order == 0) {
      return node(key, value, tree.priority, tree.left, tree.right);
    }
    if (priority > tree.priority && get(tree, key) == null) {
      Parts parts = split(tree, key);
      return node(key, value, priority, parts.lower, parts.higher);
    }
    return order < 0
        ? tree.with(put(tree.left, key, value, priority), tree.right)
        : tree.with(tree.left, put(tree.right, key, value, priority));
  }

  /** Without {@code key}. */
  static @Nullable RowTree remove(@Nullable RowTree tree, byte[] key) {
    return get(tree, key) == null ? tree : removePresent(tree, key);
  }

  private static @Nullable RowTree removePresent(@Nullable RowTree tree, byte[] key) {
    if (tree == null) {
      return null;
    }
    int order = Arrays.compareUnsigned(key, tree.key);
    if (order == 0) {
      return join(tree.left, tree.right);
    }
    return order < 0
        ? tree.with(removePresent(tree.left, key), tree.right)
        : tree.with(tree.left, removePresent(tree.right, key));
  }

  /** Without the keys from {@code from}, included, up to {@code to}, excluded. */
  static @Nullable RowTree removeRange(@Nullable RowTree tree, byte[] from, byte[] to) {
    if (Arrays.compareUnsigned(from, to) >= 0) {
      return tree;
    }
    RowTree lower = split(tree, from).lower;
    RowTree higher = split(tree, to).higher;
    return join(lower, higher);
  }

  /** The lowest row at or above {@code key}. */
  static @Nullable RowTree atOrAbove(@Nullable RowTree tree, byte[] key) {
    RowTree found = null;
    RowTree node = tree;
    while (node != null) {
      if (Arrays.compareUnsigned(node.key, key) >= 0) {
        found = node;
        node = node.left;
      } else {
        node = node.right;
      }
    }
    return found;
  }

  /** The highest row below {@code key}. */
  static @Nullable RowTree below(@Nullable RowTree tree, byte[] key) {
    RowTree found = null;
    RowTree node = tree;
    while (node != null) {
      if (Arrays.compareUnsigned(node.key, key) < 0) {
        found = node;
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return found;
  }

  private RowTree with(@Nullable RowTree newLeft, @Nullable RowTree newRight) {
    return node(key, value, priority, newLeft, newRight);
  }

  /** The rows below {@code key}, and those at or above it. */
  private static Parts split(@Nullable RowTree tree, byte[] key) {
    if (tree == null) {
      return new Parts(null, null);
    }
    if (Arrays.compareUnsigned(tree.key, key) < 0) {
      Parts parts = split(tree.right, key);
      return new Parts(tree.with(tree.left, parts.lower), parts.higher);
    }
    Parts parts = split(tree.left, key);
    return new Parts(parts.lower, tree.with(parts.higher, tree.right));
  }

  /** Both together; every key of {@code lower} is below every key of {@code higher}. */
  private static @Nullable RowTree join(@Nullable RowTree lower, @Nullable RowTree higher) {
    if (lower == null) {
      return higher;
    }
    if (higher == null) {
      return lower;
    }
    return lower.priority > higher.priority
        ? lower.with(lower.left, join(lower.right, higher))
        : higher.with(join(lower, higher.left), higher.right);
  }
}
