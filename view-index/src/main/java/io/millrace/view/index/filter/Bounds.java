package io.millrace.view.index.filter;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What a filter says about the value at a path: values that match lie within it, but not all that
 * lie within it match.
 */
public sealed interface Bounds {
  /** Nothing that an index could use. */
  Bounds NOTHING = new Nothing();

  /** It equals {@code value}. */
  record Exact(JsonNode value) implements Bounds {}

  /**
   * It lies between two values in the order of the collation.
   *
   * @param from the least, included; null for no bound
   * @param to the greatest, included; null for no bound
   */
  record Range(@Nullable JsonNode from, @Nullable JsonNode to) implements Bounds {}

  /** Nothing. */
  record Nothing() implements Bounds {}

  /** What both say together. */
  default Bounds and(Bounds other) {
    if (this instanceof Exact || other instanceof Nothing) {
      return this;
    }
    if (other instanceof Exact || this instanceof Nothing) {
      return other;
    }
    Range left = (Range) this;
    Range right = (Range) other;
    return new Range(later(left.from, right.from, 1), later(left.to, right.to, -1));
  }

  private static @Nullable JsonNode later(
      @Nullable JsonNode left, @Nullable JsonNode right, int direction) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    return JsonOrder.INSTANCE.compare(left, right) * direction >= 0 ? left : right;
  }
}
