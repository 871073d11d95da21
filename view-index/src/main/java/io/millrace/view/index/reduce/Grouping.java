package io.millrace.view.index.reduce;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.view.ViewArguments;
import io.millrace.view.index.JsonCollation;
import io.millrace.view.index.StoredRow;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How rows are put together before they are reduced. Immutable.
 *
 * @param level arrays are cut to so many elements; 0 for one group of all rows
 */
record Grouping(long level) {
  private static final Grouping NONE = new Grouping(0);

  /**
   * Reads the parameters {@code reduce}, {@code group} and {@code level}; null when rows are not to
   * be reduced.
   */
  static @Nullable Grouping parse(ViewArguments arguments) {
    boolean group = arguments.flag("group");
    long level = arguments.count("level", group ? Long.MAX_VALUE : 0);
    if (arguments.has("group") && !group && level > 0) {
      throw refused("level", "cannot be given together with group=false");
    }
    if (group && level == 0) {
      throw refused("level", "cannot be 0 together with group=true");
    }
    if (arguments.has("reduce") && !arguments.flag("reduce")) {
      if (level > 0) {
        throw refused(
            arguments.has("level") ? "level" : "group", "cannot be given with reduce=false");
      }
      return null;
    }
    return level == 0 ? NONE : new Grouping(level);
  }

  /**
   * The arguments with {@code after} moved behind all rows of the group that it names, for rows
   * that come lowest first. Other rows begin before the group anyway.
   */
  static ViewArguments behindGroup(ViewArguments arguments) {
    String after = arguments.text("after");
    if (after == null || arguments.flag("reverse")) {
      return arguments;
    }
    byte[] position;
    try {
      position = Base64.getUrlDecoder().decode(after);
    } catch (IllegalArgumentException e) {
      throw refused("after", "is not a position that 'next' named");
    }
    byte[] behind = KeyRange.successorOfPrefix(position);
    return behind == null
        ? arguments
        : arguments.with("after", Base64.getUrlEncoder().withoutPadding().encodeToString(behind));
  }

  static InvalidRequestException refused(String name, String reason) {
    return new InvalidRequestException("invalid-parameter", "parameter '" + name + "' " + reason);
  }

  boolean isGrouped() {
    return level > 0;
  }

  /**
   * The rows that belong together.
   *
   * @param from what the keys of its rows begin with; also below all of them
   * @param to beyond all of them
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Group(byte[] from, byte[] to) {
    boolean contains(StoredRow row) {
      byte[] place = row.place();
      return place.length >= from.length
          && Arrays.equals(place, 0, from.length, from, 0, from.length);
    }

    /** Where a later read goes on, in either direction. */
    byte[] position() {
      return Arrays.copyOfRange(from, 1, from.length);
    }
  }

  /** The group that {@code row} belongs to. */
  Group of(StoredRow row) {
    int end = cutEnd(row);
    byte[] from;
    if (end == row.keyEnd()) {
      from = Arrays.copyOf(row.place(), row.collatedEnd());
    } else {
      byte[] collated = JsonCollation.encode(cut(row, end));
      // Without the byte that ends the array, longer arrays begin so too.
      from = new byte[collated.length];
      from[0] = StoredRow.ROWS;
      System.arraycopy(collated, 0, from, 1, collated.length - 1);
    }
    return new Group(from, Objects.requireNonNull(KeyRange.successorOfPrefix(from)));
  }

  /** What is shown as the key of the group whose first row is {@code row}. */
  byte[] key(StoredRow row) {
    int end = cutEnd(row);
    return end == row.keyEnd() ? row.keyJson() : cut(row, end);
  }

  private static byte[] cut(StoredRow row, int end) {
    byte[] cut = Arrays.copyOfRange(row.json(), row.keyStart(), end + 1);
    cut[cut.length - 1] = ']';
    return cut;
  }

  /**
   * Where the key ends once it is cut: where the comma or bracket behind its last element stands;
   * the end of the key when it is not an array of so many elements.
   */
  private int cutEnd(StoredRow row) {
    byte[] json = row.json();
    int at = row.keyStart();
    if (json[at] != '[' || json[at + 1] == ']' || level == Long.MAX_VALUE) {
      return row.keyEnd();
    }
    long elements = 0;
    int depth = 0;
    for (; at < row.keyEnd(); at++) {
      switch (json[at]) {
        case '"' -> at = stringEnd(json, at);
        case '[', '{' -> depth++;
        case ']', '}' -> depth--;
        default -> {}
      }
      boolean behindElement = depth == 0 || depth == 1 && json[at] == ',';
      if (behindElement && ++elements == level) {
        return at;
      }
    }
    return row.keyEnd();
  }

  private static int stringEnd(byte[] json, int start) {
    int at = start + 1;
    while (json[at] != '"') {
      at += json[at] == '\\' ? 2 : 1;
    }
    return at;
  }
}
