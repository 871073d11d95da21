package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.PathIndex;
import io.millrace.view.index.JsonCollation;
import io.millrace.view.index.filter.Bounds;
import io.millrace.view.index.filter.ValuePath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How good an index is for a question.
 *
 * @param score from the first path on, as far as the question says something about each: squared,
 *     plus 2 for a value or 1 for a range
 * @param range where the documents lie in it
 * @param unfit why it cannot be used; null when it can
 * @param sorts whether its order is what the question asks for
 */
record Assessment(
    IndexOption option, int score, PathIndex.Range range, @Nullable String unfit, boolean sorts) {
  private static final int MOST_SCORE = 1_000_000;

  static Assessment of(IndexOption option, Pipeline pipeline) {
    List<ValuePath> paths = option.paths();
    if (paths == null) {
      PathIndex.Range all = new PathIndex.Range(List.of(), null, null);
      return new Assessment(option, 0, all, "a path of it names many values", false);
    }
    int score = 0;
    boolean exact = true;
    List<JsonNode> equal = new ArrayList<>();
    Bounds.Range next = new Bounds.Range(null, null);
    for (ValuePath path : paths) {
      Bounds bounds = pipeline.boundsAt(path);
      if (bounds instanceof Bounds.Nothing) {
        break;
      }
      score = score * score + (bounds instanceof Bounds.Exact ? 2 : 1);
      score = Math.min(score, MOST_SCORE);
      if (exact && bounds instanceof Bounds.Exact value) {
        equal.add(value.value());
      } else if (exact) {
        exact = false;
        next = (Bounds.Range) bounds;
      }
    }
    PathIndex.Range range = new PathIndex.Range(equal, next.from(), next.to());
    boolean sorts = option.complete() && sorts(pipeline.sort(), paths, equal.size());
    return new Assessment(option, score, range, unfit(option, paths, pipeline, range), sorts);
  }

  /** Whether the paths behind some of the first, which have one value only, are those of a sort. */
  private static boolean sorts(@Nullable SortRule sort, List<ValuePath> paths, int constant) {
    if (sort == null || !sort.isOneWay()) {
      return false;
    }
    for (int skipped = 0; skipped <= constant; skipped++) {
      if (paths.subList(skipped, paths.size()).equals(sort.paths())) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String unfit(
      IndexOption option, List<ValuePath> paths, Pipeline pipeline, PathIndex.Range range) {
    for (ValuePath path : paths) {
      if (!isAlwaysThere(path) && !pipeline.requires(path)) {
        return "documents without " + path + " are not in it, and the first $filter lets them pass";
      }
    }
    if (option.where() != null && !pipeline.implies(option.where())) {
      return "the first $filter does not contain its 'where'";
    }
    return isShort(range) ? null : "a value is too long for an index";
  }

  private static boolean isAlwaysThere(ValuePath path) {
    String first = path.steps().get(0).name();
    return path.steps().size() == 1 && ("id".equals(first) || "rev".equals(first));
  }

  private static boolean isShort(PathIndex.Range range) {
    List<JsonNode> values = new ArrayList<>(range.equal());
    if (range.from() != null) {
      values.add(range.from());
    }
    if (range.to() != null) {
      values.add(range.to());
    }
    try {
      values.forEach(JsonCollation::encode);
      return true;
    } catch (InvalidRequestException e) {
      return false;
    }
  }

  boolean isUsable() {
    return unfit == null && (score > 0 || sorts);
  }

  /** How many rows lie in the range; counting may end at {@code atMost}. */
  long count(long atMost, StoreReader reader) {
    return option.index().count(range, atMost, reader);
  }
}
