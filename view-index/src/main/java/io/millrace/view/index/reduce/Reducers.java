package io.millrace.view.index.reduce;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reductions that are built in, by their names. Each gives the value that one pass over the
 * rows gives, exactly, whatever parts the rows are reduced in; {@code distinct} is an estimate, and
 * the same one for the same rows.
 */
public final class Reducers {
  /** All names. */
  public static final List<String> NAMES =
      List.of("count", "sum", "min", "max", "stats", "distinct");

  private Reducers() {}

  /** The reduction called {@code name}; null when there is none. */
  public static @Nullable Reducer find(String name) {
    return switch (name) {
      case "count" -> CountReduction::new;
      case "sum" -> new NumberReducer(SumReduction::new);
      case "min" -> new ExtremeReducer(-1);
      case "max" -> new ExtremeReducer(1);
      case "stats" -> new NumberReducer(StatsReduction::new);
      case "distinct" -> new DistinctReducer();
      default -> null;
    };
  }
}
