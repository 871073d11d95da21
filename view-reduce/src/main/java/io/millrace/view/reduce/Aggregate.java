package io.millrace.view.reduce;

import io.millrace.view.index.MemberPath;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One number or value that is computed of each group.
 *
 * @param name the member under which it is shown
 * @param kind what is computed
 * @param column of the group's columns, the one that it is computed from; negative for none
 */
record Aggregate(String name, Kind kind, int column) {
  /** What can be computed. */
  enum Kind {
    /** How many documents, or how many values that are not null. */
    COUNT(false, false, false, false),
    /** The sum of the numbers. */
    SUM(true, false, false, false),
    /** The least value. */
    MIN(false, false, true, true),
    /** The greatest value. */
    MAX(false, false, true, true),
    /** Sum, count, least, greatest and sum of squares of the numbers. */
    STATS(true, true, true, true),
    /** How many values that differ. */
    DISTINCT(false, false, true, false),
    /** The values themselves. */
    COLLECT(false, false, true, false);

    private final boolean numeric;
    private final boolean squares;
    private final boolean values;
    private final boolean extremes;

    Kind(boolean numeric, boolean squares, boolean values, boolean extremes) {
      this.numeric = numeric;
      this.squares = squares;
      this.values = values;
      this.extremes = extremes;
    }

    /** As it is written in definitions. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind written as {@code text}; null when there is none. */
    static @Nullable Kind of(String text) {
      return Arrays.stream(values())
          .filter(kind -> kind.text().equals(text))
          .findAny()
          .orElse(null);
    }

    static List<String> texts() {
      return Arrays.stream(values()).map(Kind::text).toList();
    }

    /** What has to be kept of the values at {@code path}. */
    Column column(MemberPath path) {
      return new Column(path, numeric, squares, values, extremes);
    }
  }
}
